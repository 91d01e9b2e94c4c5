#pragma once

#include <chrono>

#include "auth/authenticator.hpp"
#include "http/endpoints.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "metrics/counters.hpp"

/// The part that is the same for all requests: may it come in, and recording that it came.
namespace coredepot::http {

/// Finds the endpoint of `request`: it checks path, then method, then who sent it. Fills in the
/// request's path parameters, operation and identity. Throws UnknownPath, MethodNotAllowed, and the
/// exceptions of auth/identity.hpp.
const EndpointSpec& admit(Request& request, const auth::Authenticator& authenticator);

/// Writes one line into the log and counts once. The duration starts with its construction.
class RequestRecord {
  public:
    /// `counters` is null when nothing is counted.
    explicit RequestRecord(metrics::Counters* counters) : counters_(counters) {}

    void write(const Request& request, const Response& response) const;

  private:
    metrics::Counters* counters_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace coredepot::http
