#include "variable_reader.hpp"

#include "connection_uri.hpp"
#include "text/integers.hpp"
#include "text/url.hpp"

namespace coredepot {

std::string without_trailing_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

std::optional<std::string> VariableReader::text(const std::string& name) {
    auto value = variables_(name);
    if (value && value->empty()) return std::nullopt;
    return value;
}

std::string VariableReader::required(const std::string& name, std::string_view when) {
    auto value = text(name);
    if (!value) complain(name, "is required" + std::string(when));
    return value.value_or("");
}

std::int64_t VariableReader::whole_number(const std::string& name, std::int64_t otherwise,
                                          std::int64_t least, std::int64_t most) {
    const auto value = text(name);
    if (!value) return otherwise;
    const auto number = parse_integer(*value);
    if (number && *number >= least && *number <= most) return *number;
    complain(name, "must be a whole number from " + std::to_string(least) + " to " +
                       std::to_string(most));
    return otherwise;
}

bool VariableReader::boolean(const std::string& name, bool otherwise) {
    const auto value = text(name);
    if (!value) return otherwise;
    if (*value == "true" || *value == "1") return true;
    if (*value == "false" || *value == "0") return false;
    complain(name, "must be true or false");
    return otherwise;
}

std::optional<std::filesystem::path> VariableReader::folder(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    return absolute(name, *value);
}

std::optional<std::filesystem::path> VariableReader::first_folder(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    return absolute(name, value->substr(0, value->find(':')));
}

std::filesystem::path VariableReader::required_folder(const std::string& name) {
    required(name);
    return folder(name).value_or("");
}

std::string VariableReader::database_url(const std::string& name) {
    auto value = required(name);
    if (!value.empty() && !is_connection_uri(value)) {
        complain(name,
                 "must be a postgresql:// URL, in which special characters of the user's name "
                 "and password are percent-encoded");
    }
    return value;
}

std::optional<std::string> VariableReader::url(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    auto url = without_trailing_slash(*value);
    if (!is_http_url(url)) complain(name, "must be an http:// or https:// URL");
    return url;
}

std::optional<std::string> VariableReader::script_url(const std::string& name) {
    auto value = text(name);
    if (value && !is_quotable_url(*value)) {
        complain(name, "must be an http:// or https:// URL of letters, digits and -._~:/?[]=%+,");
    }
    return value;
}

std::vector<std::chrono::seconds> VariableReader::pauses(const std::string& name,
                                                         const std::string& otherwise,
                                                         std::size_t count) {
    constexpr std::int64_t kDay = 86'400;
    const auto value = text(name).value_or(otherwise);
    std::vector<std::chrono::seconds> pauses;
    std::string_view rest = value;
    while (true) {
        const auto comma = rest.find(',');
        const auto number = parse_integer(rest.substr(0, comma));
        if (!number || *number < 0 || *number > kDay) break;
        pauses.emplace_back(*number);
        if (comma == std::string_view::npos) {
            if (pauses.size() == count) return pauses;
            break;
        }
        rest.remove_prefix(comma + 1);
    }
    complain(name, "must be " + std::to_string(count) + " whole numbers of seconds, such as " +
                       otherwise);
    return {};
}

void VariableReader::complain(const std::string& name, const std::string& what) {
    complaints_ += (complaints_.empty() ? "" : "; ") + name + " " + what;
}

void VariableReader::throw_if_bad() const {
    if (!complaints_.empty()) throw ConfigError("bad configuration: " + complaints_);
}

std::filesystem::path VariableReader::absolute(const std::string& name,
                                               const std::filesystem::path& path) {
    if (!path.is_absolute()) complain(name, "must be an absolute path");
    return path.lexically_normal();
}

}  // namespace coredepot
