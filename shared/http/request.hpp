#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "http/body.hpp"
#include "http/query.hpp"

namespace coredepot::http {

/// A request, with everything that handlers may know about it.
struct Request {
    std::string method;
    std::string path;  ///< the web server has decoded its escapes and normalised it
    Query query;
    std::string content_type;
    std::string content_encoding;
    std::string request_id;
    std::optional<std::string> if_match;
    std::string if_none_match;
    std::optional<std::string> range;
    std::optional<std::string> if_range;
    std::optional<std::string> idempotency_key;
    std::optional<std::string> authorization;
    // How the client reached the web server. Any bytes (see origin.hpp).
    std::string scheme;                 ///< `http` or `https`
    std::string host;                   ///< the Host header
    std::optional<std::string> origin;  ///< of the page whose script sent it; any bytes
    std::optional<std::string> cookie;
    std::optional<std::string> fetch_site;  ///< Sec-Fetch-Site: which page sent it
    std::optional<std::string> forwarded_proto;
    std::optional<std::string> forwarded_host;
    Body body;

    // The router fills in the following:
    std::map<std::string, std::string, std::less<>> path_parameters;
    auth::Identity identity;
    /// Its name in log and metrics: the endpoint's, unless the action changes it.
    std::string_view operation;

    /// The value of a `{name}` in the endpoint's path.
    const std::string& path_parameter(std::string_view name) const;
    /// The same as an ID. If it is not a number or too large, throws core::NotFound with `thing`.
    std::int64_t id_parameter(std::string_view name, const std::string& thing) const;
};

}  // namespace coredepot::http
