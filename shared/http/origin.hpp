#pragma once

#include <optional>
#include <string>

#include "http/request.hpp"

namespace coredepot::http {

/// Where the client reached us, such as `https://depot.example:8443`: the first of
/// X-Forwarded-Proto and X-Forwarded-Host, which are those that the client itself spoke to, else
/// the request's own scheme and Host. is_quotable_url() holds. Throws core::ValidationFailed when
/// scheme or host are none.
std::string origin(const Request& request);

/// The same; empty when scheme or host are none.
std::optional<std::string> known_origin(const Request& request);

}  // namespace coredepot::http
