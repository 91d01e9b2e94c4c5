#pragma once

#include "auth/authenticator.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "metrics/counters.hpp"

namespace coredepot::http {

/// Tells the web server from a request's head whether it may send its body. A request that is
/// refused for its token should not fill disk and memory first. The handler that gets the body
/// checks everything again.
///
/// The answer has no body, because nginx's auth_request ignores it:
///
///     204, X-Gate: open    it may; for a device, X-Device has its key
///     401 or 403           it may not
///     204, X-Gate: 405     the web server must answer with that status, which auth_request
///                          cannot return
///
/// and it has the headers of the status (WWW-Authenticate, Retry-After).
class Gate {
  public:
    Gate(const auth::Authenticator& authenticator, metrics::Counters& counters)
        : authenticator_(authenticator), counters_(counters) {}

    /// Never throws. Logs and counts refused requests; the handler logs and counts the others.
    Response answer(Request& request) const;

  private:
    const auth::Authenticator& authenticator_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::http
