#include "http/multipart.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr auto npos = std::string_view::npos;

std::string_view unquoted(std::string_view value) {
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
        return value.substr(1, value.size() - 2);
    }
    return value;
}

/// A parameter in a header's value, such as `name` in `form-data; name="file"; filename="a.zip"`.
/// Between quotes, a semicolon belongs to the value, and a backslash escapes the next character.
std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name) {
    while (!value.empty()) {
        bool quoted = false;
        bool escaped = false;
        const auto* end = std::ranges::find_if(value, [&](char c) {
            if (std::exchange(escaped, quoted && !escaped && c == '\\')) return false;
            if (c == '"') quoted = !quoted;
            return c == ';' && !quoted;
        });
        const auto piece = value.substr(0, static_cast<std::size_t>(end - value.begin()));
        value.remove_prefix(std::min(value.size(), piece.size() + 1));
        const auto equals = piece.find('=');
        if (equals != npos && equal_ignoring_case(trimmed(piece.substr(0, equals)), name)) {
            return unquoted(trimmed(piece.substr(equals + 1)));
        }
    }
    return std::nullopt;
}

/// The value of a header in the head of a part.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const auto end = head.find(kLineEnd);
        const auto line = head.substr(0, end);
        head.remove_prefix(end == npos ? head.size() : end + kLineEnd.size());
        const auto colon = line.find(':');
        if (colon != npos && equal_ignoring_case(trimmed(line.substr(0, colon)), name)) {
            return trimmed(line.substr(colon + 1));
        }
    }
    return std::nullopt;
}

/// Takes the text before `delimiter` off `rest`, together with the delimiter.
std::optional<std::string_view> cut(std::string_view& rest, std::string_view delimiter) {
    const auto at = rest.find(delimiter);
    if (at == npos) return std::nullopt;
    const auto before = rest.substr(0, at);
    rest.remove_prefix(at + delimiter.size());
    return before;
}

/// The boundary between parts, with its dashes; empty when the Content-Type names none.
std::optional<std::string> opening_of(std::string_view content_type) {
    constexpr std::size_t kMaxBoundary = 70;  // RFC 2046, section 5.1.1
    const auto boundary = header_parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary) return std::nullopt;
    return "--" + std::string(*boundary);
}

/// Calls `see` with each part's Content-Disposition (which may be empty) and content, until it
/// returns true, the parts end, or the body violates its boundary.
template <class See>
void for_each_part(std::string_view content_type, std::string_view body, See see) {
    const auto opening = opening_of(content_type);
    if (!opening) return;
    const auto delimiter = std::string(kLineEnd) + *opening;

    if (body.starts_with(*opening)) {
        body.remove_prefix(opening->size());
    } else if (!cut(body, delimiter)) {
        return;
    }
    while (!body.starts_with("--")) {  // that would end the last part
        const auto padding = cut(body, kLineEnd);
        if (!padding || !trimmed(*padding).empty()) return;
        const auto head = cut(body, "\r\n\r\n");
        const auto content = head ? cut(body, delimiter) : std::nullopt;
        if (!content) return;
        if (see(header(*head, "Content-Disposition").value_or(""), *content)) return;
    }
}

}  // namespace

bool is_multipart(std::string_view content_type) {
    return equal_ignoring_case(trimmed(content_type.substr(0, content_type.find(';'))),
                               "multipart/form-data");
}

std::optional<std::string_view> multipart_field(std::string_view content_type,
                                                std::string_view body, std::string_view field) {
    std::optional<std::string_view> found;
    for_each_part(content_type, body, [&](std::string_view disposition, std::string_view content) {
        if (header_parameter(disposition, "name") != field) return false;
        found = content;
        return true;
    });
    return found;
}

std::optional<std::string_view> multipart_file(std::string_view content_type,
                                               std::string_view body) {
    std::optional<std::string_view> first;
    std::optional<std::string_view> file;
    for_each_part(content_type, body, [&](std::string_view disposition, std::string_view content) {
        if (!first) first = content;
        if (header_parameter(disposition, "filename")) file = content;
        return file.has_value();
    });
    return file ? file : first;
}

bool begins_with_boundary(std::string_view content_type, std::string_view body) {
    const auto opening = opening_of(content_type);
    return opening && body.starts_with(*opening);
}

}  // namespace coredepot::http
