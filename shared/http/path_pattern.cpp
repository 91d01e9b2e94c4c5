#include "http/path_pattern.hpp"

namespace coredepot::http {
namespace {

/// Takes the text before the first slash off `rest`, together with the slash.
std::string_view next_segment(std::string_view& rest) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    return segment;
}

}  // namespace

std::optional<PathParameters> match_path(std::string_view pattern, std::string_view path) {
    constexpr std::string_view kOptionalSlash = "[/]";
    if (pattern.ends_with(kOptionalSlash)) {
        pattern.remove_suffix(kOptionalSlash.size());
        if (path.ends_with('/')) path.remove_suffix(1);
    }
    // A slash at the end makes an empty segment, and so do two slashes in a row.
    PathParameters parameters;
    bool more = true;
    while (more) {
        more = pattern.find('/') != std::string_view::npos;
        if (more != (path.find('/') != std::string_view::npos)) return std::nullopt;
        const auto expected = next_segment(pattern);
        const auto actual = next_segment(path);
        if (expected.starts_with('{')) {
            if (actual.empty()) return std::nullopt;
            parameters.emplace(expected.substr(1, expected.size() - 2), actual);
        } else if (expected != actual) {
            return std::nullopt;
        }
    }
    return parameters;
}

}  // namespace coredepot::http
