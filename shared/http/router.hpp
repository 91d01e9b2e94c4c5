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

/// Takes a request to the action of its endpoint: path, then method, then who, then what.
class Router {
  public:
    /// `actions`: what this process serves; the web server brings it nothing else. `counters`:
    /// null when nobody counts.
    Router(const auth::Authenticator& authenticator, Actions actions,
           metrics::Counters* counters = nullptr)
        : authenticator_(authenticator), actions_(std::move(actions)), counters_(counters) {}

    /// Never throws: a failure is a response too. Writes one access line and counts the request.
    Response answer(Request& request) const;

  private:
    const auth::Authenticator& authenticator_;
    Actions actions_;
    metrics::Counters* counters_;
};

}  // namespace coredepot::http
