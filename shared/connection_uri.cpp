#include "connection_uri.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <libpq-fe.h>

#include "text/ascii.hpp"

namespace coredepot {
namespace {

constexpr auto npos = std::string_view::npos;

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

/// Null when libpq refuses the text. Its error message would quote the text.
Options parse(const std::string& text) {
    return Options(PQconninfoParse(text.c_str(), nullptr));
}

/// Calls `use` with the keyword and the value of each option that is set.
template <class Use>
void for_each_part(const std::string& text, Use use) {
    const auto options = parse(text);
    if (!options) throw std::invalid_argument("libpq does not take the connection URI");
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr)
            use(std::string_view(option->keyword), std::string_view(option->val));
    }
}

/// Whether `rest`, the text after the scheme, has an @ too many. libpq takes what stands before the
/// first @ for user and password, if no slash comes before it. Any other @ before the parameters
/// was probably meant as part of a password.
bool has_stray_at(std::string_view text) {
    const auto end = text.find_first_of("@/");
    if (end != npos && text[end] == '@') text.remove_prefix(end + 1);
    return text.substr(0, text.find('?')).find('@') != npos;
}

/// One port for each host, or an empty one for the default. libpq checks them only when it
/// connects.
bool are_ports(std::string_view list) {
    constexpr std::size_t kMostDigits = 5;
    while (true) {
        const auto end = list.find(',');
        const auto port = list.substr(0, end);
        if (port.size() > kMostDigits || !std::ranges::all_of(port, is_digit)) return false;
        if (end == npos) return true;
        list.remove_prefix(end + 1);
    }
}

}  // namespace

bool is_connection_uri(std::string_view text) {
    const auto scheme = text.substr(0, text.find("://"));
    if (scheme == text || (scheme != "postgresql" && scheme != "postgres")) return false;
    if (!is_one_word(text) || has_stray_at(text.substr(scheme.size() + 3))) return false;
    const std::string copy(text);
    return parse(copy) && are_ports(connection_part(copy, "port").value_or(""));
}

std::optional<std::string> connection_part(const std::string& text, std::string_view keyword) {
    std::optional<std::string> part;
    for_each_part(text, [&](std::string_view name, std::string_view value) {
        if (name == keyword) part = value;
    });
    return part;
}

std::string connection_without(const std::string& text, std::string_view keyword) {
    std::string rest;
    for_each_part(text, [&](std::string_view name, std::string_view value) {
        if (name == keyword) return;
        if (!rest.empty()) rest += ' ';
        rest.append(name).append("='");
        for (const auto c : value) {
            if (c == '\'' || c == '\\') rest += '\\';
            rest += c;
        }
        rest += '\'';
    });
    return rest;
}

}  // namespace coredepot
