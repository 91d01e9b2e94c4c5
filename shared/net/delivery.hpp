#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/network.hpp"

/// Sends messages to addresses that people have entered.
namespace coredepot::net {

/// The outcome: an answer, or the reason why there was none.
struct DeliveryAnswer {
    std::optional<long> status;  ///< of HTTP or SMTP; empty: there was no answer
    std::string body;            ///< the start of it
    std::optional<std::chrono::seconds> retry_after;  ///< as the answer says
    std::string error;  ///< why there was no answer; "" when there was one
    std::chrono::milliseconds took{0};
};

/// Limits for a webhook.
constexpr std::chrono::seconds kPostTimeLimit{5};
constexpr std::size_t kMostAnswer = 16'384;  ///< bytes; what comes after them is not read
/// Mail servers are slow.
constexpr std::chrono::seconds kMailTimeLimit{20};

struct HttpPost {
    std::string url;
    std::vector<std::string> headers;  ///< `Name: value`
    std::string body;
    /// Connections are allowed to these networks and to all global addresses (domain/network.hpp).
    Networks allowed;
};

/// Sends one POST, to an allowed address only. The address is checked when the connection is made,
/// so a name cannot change its meaning in between. Ignores redirects, proxies and the environment.
DeliveryAnswer post(const HttpPost& request);

/// The server that takes our mail.
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

/// Sends one mail, with a text and an HTML part.
DeliveryAnswer send_mail(const MailServer& server, const Mail& mail);

}  // namespace coredepot::net
