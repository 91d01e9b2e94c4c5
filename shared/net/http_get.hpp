#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace coredepot::net {

/// Limits for an answer. Each caller sets its own, because servers differ in how long they take.
struct GetLimits {
    std::chrono::seconds connect;  ///< until there is a connection
    std::chrono::seconds total;    ///< includes the time to connect
    std::uint64_t max_body;        ///< bytes; a longer body is a failure
};

/// A GET, or a POST when there is a body.
struct GetRequest {
    GetRequest(std::string address, GetLimits answer_limits)
        : url(std::move(address)), limits(answer_limits) {}

    std::string url;  ///< without a query
    GetLimits limits;
    std::vector<std::pair<std::string, std::string>> query;  ///< percent-encoded when it is sent
    /// The body and its Content-Type. With one, the request is a POST.
    struct Body {
        std::string content_type;
        std::string bytes;
    };
    std::optional<Body> post = std::nullopt;
    std::vector<std::string> headers;  ///< `Name: value`; libcurl adds its own
    /// Whether to use the environment's proxy (https_proxy, no_proxy, …). An identity provider may
    /// be behind one; a neighbour is not.
    bool use_proxy = false;
    /// Certificates in PEM of CAs to trust instead of the system's.
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    /// Called about once a second while the request runs. False ends the request.
    std::function<bool()> keep_going;
};

struct GetResponse {
    long status = 0;
    std::string body;
};

/// There was no answer. The text says why, as a sentence.
struct GetFailure {
    std::string error;
    bool connected = true;  ///< false: nobody listens at that address
};

using GetResult = std::variant<GetResponse, GetFailure>;

/// Sends one HTTP request. A redirect counts as an answer.
GetResult http_get(const GetRequest& request);

/// Runs several GETs at once in one thread.
class GetPool {
  public:
    using Done = std::function<void(GetResult)>;

    GetPool();
    ~GetPool();
    GetPool(const GetPool&) = delete;
    GetPool& operator=(const GetPool&) = delete;

    /// `done` is called by wait(), once.
    void start(GetRequest request, Done done);

    /// Waits until some are done, but no longer than about a second. If `done` throws, the
    /// exception reaches the caller and the other requests stay under way.
    void wait();

    std::size_t under_way() const { return transfers_.size(); }

  private:
    struct Multi;
    struct Transfer;
    using Transfers = std::list<std::unique_ptr<Transfer>>;

    void finish(Transfers::iterator transfer, GetResult result);
    bool end_unwanted();

    std::unique_ptr<Multi> multi_;
    Transfers transfers_;
};

}  // namespace coredepot::net
