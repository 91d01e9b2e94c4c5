#include "http/request.hpp"

#include "core/errors.hpp"
#include "text/integers.hpp"

namespace coredepot::http {

const std::string& Request::path_parameter(std::string_view name) const {
    const auto found = path_parameters.find(name);
    if (found == path_parameters.end()) {
        throw std::logic_error("no path parameter " + std::string(name));
    }
    return found->second;
}

std::int64_t Request::id_parameter(std::string_view name, const std::string& thing) const {
    constexpr std::size_t kShown = 64;
    const auto& text = path_parameter(name);
    const auto id = parse_integer(text);
    if (id && *id > 0) return *id;
    throw core::NotFound(thing, text.substr(0, kShown));
}

}  // namespace coredepot::http
