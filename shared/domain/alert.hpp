#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

/// Alerts: who is told what happens to issues. sql/deploy/alert_targets.sql says how they are
/// stored.
namespace coredepot {

/// How a target receives messages.
enum class AlertKind : std::uint8_t {
    Webhook,  ///< JSON, signed as in Standard Webhooks
    Slack,    ///< an incoming webhook of Slack or Mattermost
    Mail,
};

/// The name in the API and the database.
constexpr std::string_view name_of(AlertKind kind) {
    constexpr std::array<std::string_view, 3> kNames = {"webhook", "slack", "mail"};
    return kNames.at(static_cast<std::size_t>(kind));
}
constexpr std::optional<AlertKind> alert_kind(std::string_view name) {
    for (const auto kind : {AlertKind::Webhook, AlertKind::Slack, AlertKind::Mail}) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

/// The events that a target may ask for. Tests come in addition.
constexpr std::array<std::string_view, 5> kAlertEvents = {"issue.created", "issue.regressed",
                                                          "issue.unmuted", "issue.spike", "digest"};

/// The parts of a target that anybody may see.
struct AlertTarget {
    std::int64_t id = 0;
    std::string name;
    AlertKind kind = AlertKind::Webhook;
    std::string address;                ///< without the secret part
    std::string events;                 ///< JSON: an array of `issue.created`, …, `digest`
    std::optional<std::string> models;  ///< JSON: an array of codes; empty: all models
    std::int64_t min_devices = 0;       ///< how many devices must have an issue before it is told
    bool enabled = true;
    bool switched_off = false;  ///< by us, because the target answered that it is gone
    bool is_rotating = false;   ///< messages are also signed with the previous secret
    std::int64_t waiting = 0;   ///< events and messages
    std::optional<Timestamp> failing_since;
    std::optional<std::string> last_error;
    std::optional<Timestamp> last_delivered_at;
    Timestamp created_at;
};

/// A new target, or the changes to one: only members that are set change.
struct AlertTargetChange {
    std::optional<std::string> name;
    std::optional<AlertKind> kind;       ///< of a new one only
    std::optional<std::string> address;  ///< a URL; for mail the receivers, separated by commas
    std::optional<std::string> shown_address;  ///< comes with the address
    std::optional<std::string> secret;         ///< `whsec_…`
    std::optional<std::vector<std::string>> events;
    /// Set and empty: all models.
    std::optional<std::optional<std::vector<std::string>>> models;
    std::optional<std::int64_t> min_devices;
    std::optional<bool> enabled;
};

/// One attempt to deliver a message, and its result.
struct AlertDelivery {
    std::int64_t id = 0;
    Timestamp at;
    std::string message;  ///< `msg_…`; a repeated message keeps it
    std::string event;
    std::string issues;  ///< JSON: an array of names
    std::int64_t attempt = 1;
    std::string outcome;  ///< `delivered`, `retry`, `given_up`, `switched_off`
    /// The answer's, of HTTP or SMTP; empty: there was no answer.
    std::optional<std::int64_t> status;
    std::int64_t ms = 0;
    std::optional<std::string> error;
    std::optional<std::string> answer;
};

/// A message on which this process holds the lease.
struct AlertClaim {
    std::int64_t target_id = 0;
    std::int64_t message_id = 0;
    std::string lease;
    std::string uid;  ///< `msg_…`
    std::string event;
    std::string body;  ///< JSON, as webhooks receive it
    int attempt = 1;
    AlertKind kind = AlertKind::Webhook;
    std::string address;
    std::optional<std::string> secret;
    std::optional<std::string> old_secret;
};

/// The result of an attempt.
struct AlertAttempt {
    enum class Outcome : std::uint8_t { Delivered, Retry, GivenUp, SwitchedOff };
    Outcome outcome = Outcome::Retry;
    std::optional<std::int64_t> status = std::nullopt;
    std::int64_t ms = 0;
    std::optional<std::string> error = std::nullopt;
    std::optional<std::string> answer = std::nullopt;
    std::int64_t pause = 0;  ///< seconds until the next attempt
};

/// The state of all alerts together.
struct AlertState {
    std::int64_t well = 0;          ///< targets
    std::int64_t failing = 0;       ///< targets whose every attempt failed, for a day or longer
    std::int64_t switched_off = 0;  ///< targets that answered that they are gone
    std::int64_t waiting = 0;       ///< events and messages
    std::int64_t oldest = 0;        ///< age of the oldest of them, in seconds
};

}  // namespace coredepot
