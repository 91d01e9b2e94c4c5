#include "http/query.hpp"

#include <cstddef>

#include "text/ascii.hpp"

namespace coredepot::http {

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size();
        const int high = escape ? hex_value(text[i + 1]) : -1;
        const int low = escape ? hex_value(text[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

Query Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        const auto equals = pair.find('=');
        const auto value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
        query.parameters_.emplace_back(percent_decoded(pair.substr(0, equals)),
                                       percent_decoded(value));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return query;
}

std::optional<std::string> Query::get(std::string_view name) const {
    for (const auto& [key, value] : parameters_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

}  // namespace coredepot::http
