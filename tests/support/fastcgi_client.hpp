#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace coredepot::test {

/// Parameters of a request as FastCGI has them: `REQUEST_METHOD`, `HTTP_AUTHORIZATION`, …
using FastCgiParameters = std::vector<std::pair<std::string, std::string>>;

/// Sends one request without a body straight to a handler's socket, past the web server and what
/// that does not let through. What the handler says: CGI headers, an empty line, the body.
std::string fastcgi_exchange(const std::filesystem::path& socket,
                             const FastCgiParameters& parameters);

}  // namespace coredepot::test
