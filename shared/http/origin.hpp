#pragma once

#include <optional>
#include <string>

#include "http/request.hpp"

namespace coredepot::http {

/// The address by which the client reached us, such as `https://depot.example:8443`. It comes from
/// the first values of X-Forwarded-Proto and X-Forwarded-Host, which name the server that the
/// client spoke to, or else from the request's own scheme and Host. is_quotable_url() holds for it.
/// Throws core::ValidationFailed when scheme or host are invalid.
std::string origin(const Request& request);

/// The same; empty when scheme or host are invalid.
std::optional<std::string> known_origin(const Request& request);

}  // namespace coredepot::http
