#pragma once

#include <functional>

#include "http/request.hpp"
#include "http/response.hpp"

namespace coredepot::http {

/// Answers requests from the listening socket on fd 0, one at a time, until SIGTERM or SIGINT; a
/// request in progress is finished first. Throws std::runtime_error when fd 0 is not a listening
/// socket.
void serve_fastcgi(const std::function<Response(Request&)>& answer);

}  // namespace coredepot::http
