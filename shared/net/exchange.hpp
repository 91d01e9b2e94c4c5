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
    std::string url;                   ///< percent-encoded, and sent as it is
    std::vector<std::string> headers;  ///< `Name: value`, beside those that libcurl sends
    std::optional<std::string_view> body = std::nullopt;
    std::chrono::milliseconds connect_limit{2000};
    std::chrono::milliseconds total_limit{4000};  ///< that included
    std::uint64_t max_body = 65'536;              ///< bytes of an answer; more is a failure
    /// Gets the body of an answer of 2xx piece by piece, in place of ExchangeAnswer::body. What it
    /// throws ends the request and comes through.
    std::function<void(std::string_view)> sink = nullptr;
};

struct ExchangeAnswer {
    long status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::optional<std::chrono::sys_seconds> last_modified;
    std::string address;  ///< that it came from: `192.0.2.7:443`, `[2001:db8::7]:443`

    /// Of the first header of that name, which is in lower case; empty: there is none.
    std::optional<std::string> header(std::string_view name) const;
};

/// No answer: a sentence on why.
struct ExchangeFailure {
    std::string error;
    /// Whether all of the request may have arrived: then what it asks for may have been done.
    bool sent = false;
    bool timed_out = false;
};

using ExchangeResult = std::variant<ExchangeAnswer, ExchangeFailure>;

/// Requests one after another over a connection that is kept, without redirects, proxies, or what
/// the environment says. Not for two threads at once.
class Exchange {
  public:
    /// `ca_file`: certificates in PEM; whom one of these vouches for is believed, in place of those
    /// that the system trusts.
    explicit Exchange(std::optional<std::filesystem::path> ca_file = std::nullopt);
    ~Exchange();
    Exchange(Exchange&& other) noexcept;
    Exchange& operator=(Exchange&& other) noexcept;

    /// A connection that was kept may be found closed; then libcurl makes another one and asks
    /// again. So ask only for what may be done twice.
    ExchangeResult ask(const ExchangeRequest& request);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace coredepot::net
