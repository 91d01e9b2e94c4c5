#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot::http {

using PathParameters = std::map<std::string, std::string, std::less<>>;

/// The values of the pattern's `{name}`s if `path` matches it (see EndpointSpec::path); empty if it
/// does not.
std::optional<PathParameters> match_path(std::string_view pattern, std::string_view path);

}  // namespace coredepot::http
