#include "http/conditional.hpp"

namespace coredepot::http {

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        auto tag = if_none_match.substr(0, comma);
        const auto first = tag.find_first_not_of(" \t");
        tag = first == std::string_view::npos ? "" : tag.substr(first);
        tag = tag.substr(0, tag.find_last_not_of(" \t") + 1);
        if (tag == "*") return true;
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag) return true;
        if (comma == std::string_view::npos) break;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

Response not_modified(const std::string& etag) {
    return {304, {{"ETag", etag}}, ""};
}

}  // namespace coredepot::http
