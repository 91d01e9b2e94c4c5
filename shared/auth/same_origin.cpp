#include "auth/same_origin.hpp"

#include "text/url.hpp"

namespace coredepot::auth {

bool is_same_origin(const std::optional<std::string>& fetch_site,
                    const std::optional<std::string>& origin, const std::string& site) {
    if (fetch_site) return *fetch_site == "same-origin";
    if (!origin) return false;
    const auto from = origin_of(*origin);
    return !from.empty() && from == origin_of(site);
}

bool changes_something(const std::string& method) {
    return method != "GET" && method != "HEAD";
}

}  // namespace coredepot::auth
