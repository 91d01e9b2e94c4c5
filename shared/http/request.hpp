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

/// One request, as far as handlers may know it.
struct Request {
    std::string method;
    std::string path;  ///< percent-decoded and normalised by the web server
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
    // How the client reached the web server; any bytes (see origin.hpp).
    std::string scheme;                 ///< `http` or `https`
    std::string host;                   ///< the Host header
    std::optional<std::string> origin;  ///< of the page whose script sent it; any bytes
    std::optional<std::string> cookie;
    std::optional<std::string> fetch_site;  ///< Sec-Fetch-Site: whose page sent it
    std::optional<std::string> forwarded_proto;
    std::optional<std::string> forwarded_host;
    Body body;

    // Filled in by the router:
    std::map<std::string, std::string, std::less<>> path_parameters;
    auth::Identity identity;
    /// What it is logged and counted as: the endpoint's, until the action knows better.
    std::string_view operation;

    /// A `{name}` of the endpoint's path.
    const std::string& path_parameter(std::string_view name) const;
    /// The same as an id. What is no number, or one too big, names nothing: throws core::NotFound
    /// with `thing`.
    std::int64_t id_parameter(std::string_view name, const std::string& thing) const;
};

}  // namespace coredepot::http
