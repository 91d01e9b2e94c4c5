#include "http/request.hpp"

#include <charconv>

#include "core/errors.hpp"

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
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error == std::errc() && end == text.data() + text.size() && id > 0) return id;
    throw core::NotFound(thing, text.substr(0, kShown));
}

}  // namespace coredepot::http
