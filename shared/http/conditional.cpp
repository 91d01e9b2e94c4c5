#include "http/conditional.hpp"

#include <functional>

#include "text/trim.hpp"

namespace coredepot::http {
namespace {

/// Whether `is_it` holds for any tag of the list, or the list is `*`.
bool any_tag(std::string_view list, const std::function<bool(std::string_view tag)>& is_it) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto tag = trimmed(list.substr(0, comma));
        if (tag == "*" || is_it(tag)) return true;
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return false;
}

}  // namespace

bool names_strongly(std::string_view if_match, std::string_view etag) {
    return any_tag(if_match, [&](std::string_view tag) { return tag == etag; });
}

bool names_weakly(std::string_view if_none_match, std::string_view etag) {
    return any_tag(if_none_match, [&](std::string_view tag) {
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        return tag == etag;
    });
}

Precondition judge(const Request& request, std::string_view etag) {
    if (request.if_match && !names_strongly(*request.if_match, etag)) return Precondition::Failed;
    if (names_weakly(request.if_none_match, etag)) return Precondition::NotModified;
    return Precondition::Met;
}

Response not_modified(const std::string& etag) {
    return {304, {{"ETag", etag}}, ""};
}

}  // namespace coredepot::http
