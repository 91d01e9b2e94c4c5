#pragma once

#include <chrono>

#include "auth/authenticator.hpp"
#include "http/endpoints.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "metrics/counters.hpp"

/// What is done about a request whatever it asks for: whether it may, and that it was here.
namespace coredepot::http {

/// The endpoint that `request` is for: path, then method, then who. The request then has its
/// path's parameters, its operation and its identity. Throws UnknownPath, MethodNotAllowed, and
/// what there is in auth/identity.hpp.
const EndpointSpec& admit(Request& request, const auth::Authenticator& authenticator);

/// One line in the log and one count, from its making on.
class RequestRecord {
  public:
    /// `counters`: null when nobody counts.
    explicit RequestRecord(metrics::Counters* counters) : counters_(counters) {}

    void write(const Request& request, const Response& response) const;

  private:
    metrics::Counters* counters_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace coredepot::http
