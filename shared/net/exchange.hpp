#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coredepot::net {

/// One request to a server that is asked often.
struct ExchangeRequest {
    std::string method = "GET";
    std::string url;                   ///< percent-encoded; sent unchanged
    std::vector<std::string> headers;  ///< `Name: value`; libcurl adds its own
    std::optional<std::string_view> body = std::nullopt;
    std::chrono::milliseconds connect_limit{2000};
    std::chrono::milliseconds total_limit{4000};  ///< includes the time to connect
    std::uint64_t max_body = 65'536;              ///< bytes of an answer; a longer one is a failure
    /// Gets the body of a 2xx answer piece by piece; ExchangeAnswer::body then stays empty. An
    /// exception ends the request and reaches the caller.
    std::function<void(std::string_view)> sink = nullptr;
};

struct ExchangeAnswer {
    long status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::optional<std::chrono::sys_seconds> last_modified;
    std::string address;  ///< the server's address: `192.0.2.7:443`, `[2001:db8::7]:443`

    /// The first header of that name, which must be in lower case; empty when there is none.
    std::optional<std::string> header(std::string_view name) const;
};

/// There was no answer. The text says why, as a sentence.
struct ExchangeFailure {
    std::string error;
    /// Whether the server may have received the whole request, and so may have acted on it.
    bool sent = false;
    bool timed_out = false;
};

using ExchangeResult = std::variant<ExchangeAnswer, ExchangeFailure>;

/// Sends requests one after another over a kept connection. Ignores redirects, proxies and the
/// environment. Not thread-safe.
class Exchange {
  public:
    /// `ca_file`: certificates in PEM of CAs to trust instead of the system's.
    explicit Exchange(std::optional<std::filesystem::path> ca_file = std::nullopt);
    ~Exchange();
    Exchange(Exchange&& other) noexcept;
    Exchange& operator=(Exchange&& other) noexcept;

    /// When the server has closed the kept connection, libcurl opens a new one and asks again. So
    /// ask only for things that may be done twice.
    ExchangeResult ask(const ExchangeRequest& request);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace coredepot::net
