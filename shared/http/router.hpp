#pragma once

#include <functional>
#include <map>

#include "auth/authenticator.hpp"
#include "http/endpoints.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace coredepot::http {

using Action = std::function<Response(const Request&)>;
using Actions = std::map<Endpoint, Action>;

/// Takes a request to the action of its endpoint: path, then method, then who, then what.
class Router {
  public:
    /// `actions`: what this process serves; the web server brings it nothing else.
    Router(const auth::Authenticator& authenticator, Actions actions)
        : authenticator_(authenticator), actions_(std::move(actions)) {}

    /// Never throws: a failure is a response too. Writes one access line.
    Response answer(Request& request) const;

  private:
    const auth::Authenticator& authenticator_;
    Actions actions_;
};

}  // namespace coredepot::http
