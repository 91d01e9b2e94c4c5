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

/// What an answer may take. Whoever asks says so: what is long depends on who answers.
struct GetLimits {
    std::chrono::seconds connect;  ///< until there is a connection
    std::chrono::seconds total;    ///< that included
    std::uint64_t max_body;        ///< bytes; more is a failure
};

/// A GET, unless it has something to send.
struct GetRequest {
    GetRequest(std::string address, GetLimits answer_limits)
        : url(std::move(address)), limits(answer_limits) {}

    std::string url;  ///< without a query
    GetLimits limits;
    std::vector<std::pair<std::string, std::string>> query;  ///< percent-encoded on the way out
    /// What is sent, of which Content-Type; then this is a POST.
    struct Body {
        std::string content_type;
        std::string bytes;
    };
    std::optional<Body> post = std::nullopt;
    std::vector<std::string> headers;  ///< `Name: value`, beside those that libcurl sends
    /// Whether the environment's proxy (https_proxy, no_proxy, …) is asked: a neighbour is not
    /// behind one, an identity provider may be.
    bool use_proxy = false;
    /// Certificates in PEM: whom one of these vouches for is believed, in place of those that the
    /// system trusts.
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    /// Asked about once a second while the request runs; false ends it.
    std::function<bool()> keep_going;
};

struct GetResponse {
    long status = 0;
    std::string body;
};

/// No answer: a sentence on why.
struct GetFailure {
    std::string error;
    bool connected = true;  ///< false: there is nobody at that address
};

using GetResult = std::variant<GetResponse, GetFailure>;

/// One HTTP request. Redirects are answers.
GetResult http_get(const GetRequest& request);

/// Several GETs under way at once, in one thread.
class GetPool {
  public:
    using Done = std::function<void(GetResult)>;

    GetPool();
    ~GetPool();
    GetPool(const GetPool&) = delete;
    GetPool& operator=(const GetPool&) = delete;

    /// `done` is called by wait(), once.
    void start(GetRequest request, Done done);

    /// Moves all on until some are done, but no longer than about a second. What `done` throws
    /// comes through; the others stay under way.
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
