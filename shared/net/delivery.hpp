#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/network.hpp"

/// Messages to addresses that people have given us.
namespace coredepot::net {

/// What came of it: an answer, or why there was none.
struct DeliveryAnswer {
    std::optional<long> status;  ///< of HTTP or SMTP; empty: there was no answer
    std::string body;            ///< its beginning
    std::optional<std::chrono::seconds> retry_after;  ///< as the answer says
    std::string error;                                ///< why there was none; "" when there was
    std::chrono::milliseconds took{0};
};

/// How long and how much: of a webhook.
constexpr std::chrono::seconds kPostTimeLimit{5};
constexpr std::size_t kMostAnswer = 16'384;  ///< bytes; what comes after them is not read
/// Mail servers take their time.
constexpr std::chrono::seconds kMailTimeLimit{20};

struct HttpPost {
    std::string url;
    std::vector<std::string> headers;  ///< `Name: value`
    std::string body;
    /// Beside global addresses (domain/network.hpp) these may be connected to.
    Networks allowed;
};

/// One POST, to no address but those that are allowed: that is looked at when the connection is
/// made, so a name cannot mean another one by then. Without redirects, proxies, or what the
/// environment says.
DeliveryAnswer post(const HttpPost& request);

/// How mail is handed in.
struct MailServer {
    std::string url;  ///< `smtp://host:port` or `smtps://…`
    std::optional<std::string> user;
    std::optional<std::string> password;
    bool requires_tls = true;
};

struct Mail {
    std::string from;  ///< addresses, without names
    std::vector<std::string> to;
    std::vector<std::string> headers;  ///< `Name: value`, beside From, To and MIME's; ASCII
    std::string text;
    std::string html;
};

/// Hands one mail in, as text and HTML.
DeliveryAnswer send_mail(const MailServer& server, const Mail& mail);

}  // namespace coredepot::net
