#pragma once

#include <functional>
#include <map>

#include "auth/authenticator.hpp"
#include "http/endpoints.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "metrics/counters.hpp"

namespace coredepot::http {

using Action = std::function<Response(Request&)>;
using Actions = std::map<Endpoint, Action>;

/// Passes a request to the action of its endpoint. It checks path, then method, then who sent it.
class Router {
  public:
    /// `actions` has everything that this process serves; the web server sends it nothing else.
    /// `counters` is null when nothing is counted.
    Router(const auth::Authenticator& authenticator, Actions actions,
           metrics::Counters* counters = nullptr)
        : authenticator_(authenticator), actions_(std::move(actions)), counters_(counters) {}

    /// Never throws, because a failure is a response, too. Writes one access line and counts the
    /// request.
    Response answer(Request& request) const;

  private:
    const auth::Authenticator& authenticator_;
    Actions actions_;
    metrics::Counters* counters_;
};

}  // namespace coredepot::http
