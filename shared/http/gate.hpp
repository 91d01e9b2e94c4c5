#pragma once

#include "auth/authenticator.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "metrics/counters.hpp"

namespace coredepot::http {

/// Tells the web server whether a request may send its body, by the request's head alone: what is
/// refused for its token must not fill disk and memory before. The handler that gets the body
/// checks all of it again.
///
/// The answer has no body, because nginx's auth_request takes none:
///
///     204, X-Gate: open    it may; of a device X-Device, its key
///     401 or 403           it may not
///     204, X-Gate: 405     another status, which auth_request does not know: the web server has to
///                          answer with that
///
/// with the headers that belong to the status (WWW-Authenticate, Retry-After).
class Gate {
  public:
    Gate(const auth::Authenticator& authenticator, metrics::Counters& counters)
        : authenticator_(authenticator), counters_(counters) {}

    /// Never throws. Logs and counts what it refuses; what it lets in is for the handler to do so.
    Response answer(Request& request) const;

  private:
    const auth::Authenticator& authenticator_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::http
