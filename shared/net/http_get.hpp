#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coredepot::net {

struct GetRequest {
    std::string url;                                         ///< without a query
    std::vector<std::pair<std::string, std::string>> query;  ///< percent-encoded on the way out
    std::chrono::seconds connect_timeout{5};
    std::chrono::seconds total_timeout{120};
    std::uint64_t max_body = 16'777'216;  ///< bytes; more is a failure
    /// Whether the environment's proxy (https_proxy, no_proxy, …) is asked: a neighbour is not
    /// behind one, an identity provider may be.
    bool use_proxy = false;
    /// Asked about once a second while the request runs; false ends it.
    std::function<bool()> keep_going;
};

struct GetResponse {
    long status;
    std::string body;
};

/// No answer: a sentence on why.
struct GetFailure {
    std::string error;
};

/// One HTTP GET. Redirects are answers.
std::variant<GetResponse, GetFailure> http_get(const GetRequest& request);

}  // namespace coredepot::net
