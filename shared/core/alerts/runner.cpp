#include "core/alerts/runner.hpp"

#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "core/alerts/mail_message.hpp"
#include "core/alerts/message.hpp"
#include "core/alerts/retry.hpp"
#include "core/alerts/slack_message.hpp"
#include "core/alerts/webhook_signature.hpp"
#include "domain/mail_address.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

/// Longer than any attempt can take.
constexpr std::chrono::seconds kLease{60};
static_assert(kLease > 2 * net::kMailTimeLimit);

constexpr std::int64_t kGone = 410;
constexpr std::uint64_t kMostPassword = 1024;  ///< bytes

double random_jitter() {
    static std::mt19937 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(generator);
}

/// The part of an answer that we store, as valid text for PostgreSQL.
std::string kept_answer(std::string body) {
    constexpr std::size_t kKept = 2048;  // bytes
    if (body.size() > kKept) body.resize(kKept);
    for (char& c : body) {
        if (c == '\0') c = ' ';
    }
    return to_utf8(body);
}

std::string fault_of(const net::DeliveryAnswer& answer) {
    if (!answer.error.empty()) return to_utf8(answer.error);
    const auto status = answer.status.value_or(0);
    const bool redirects = status >= 300 && status < 400;
    return "it answered " + std::to_string(status) +
           (redirects ? ", and redirects are not followed" : "");
}

bool is_success(const AlertClaim& claim, const net::DeliveryAnswer& answer) {
    if (!answer.error.empty()) return false;
    if (claim.kind == AlertKind::Mail) return true;
    return answer.status && *answer.status >= 200 && *answer.status < 300;
}

std::string without_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

net::HttpPost signed_post(const AlertClaim& claim, const Networks& allowed) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch());
    const auto timestamp = std::to_string(seconds.count());
    std::string signatures;
    for (const auto& secret : {claim.secret, claim.old_secret}) {
        const auto key = secret ? signing_key(*secret) : std::nullopt;
        if (!key) continue;
        signatures += (signatures.empty() ? "" : " ") +
                      webhook_signature(*key, claim.uid, timestamp, claim.body);
    }
    return {claim.address,
            {"Content-Type: application/json", "webhook-id: " + claim.uid,
             "webhook-timestamp: " + timestamp, "webhook-signature: " + signatures},
            claim.body,
            allowed};
}

}  // namespace

AlertAttempt judge_answer(const AlertClaim& claim, const net::DeliveryAnswer& answer,
                          double jitter) {
    AlertAttempt attempt;
    if (answer.status) attempt.status = *answer.status;
    attempt.ms = answer.took.count();
    if (!answer.body.empty()) attempt.answer = kept_answer(answer.body);
    if (is_success(claim, answer)) {
        attempt.outcome = AlertAttempt::Outcome::Delivered;
        return attempt;
    }
    attempt.error = fault_of(answer);
    const auto pause = alert_pause(claim.attempt, jitter, answer.retry_after);
    if (claim.kind != AlertKind::Mail && attempt.status == kGone) {
        attempt.outcome = AlertAttempt::Outcome::SwitchedOff;
    } else if (!pause || claim.event == "test") {
        attempt.outcome = AlertAttempt::Outcome::GivenUp;
    } else {
        attempt.pause = pause->count();
    }
    return attempt;
}

bool AlertRunner::deliver_one() {
    const auto claim = outbox_.claim(kLease, config_.base_url);
    if (!claim) return false;
    const log::RequestScope scope(claim->lease);
    const auto attempt = judge_answer(*claim, send(*claim), random_jitter());
    if (!outbox_.record(*claim, attempt)) {
        log::warning("an alert's lease was lost", {{"message", claim->uid}});
        return true;
    }
    if (attempt.outcome == AlertAttempt::Outcome::Delivered) {
        log::info("told", {{"target", claim->target_id}, {"message", claim->uid}});
    } else {
        log::warning("cannot tell a target", {{"target", claim->target_id},
                                              {"message", claim->uid},
                                              {"attempt", claim->attempt},
                                              {"error", *attempt.error}});
    }
    return true;
}

net::DeliveryAnswer AlertRunner::send(const AlertClaim& claim) const {
    switch (claim.kind) {
        case AlertKind::Webhook:
            return net::post(signed_post(claim, config_.alerts.allowed_networks));
        case AlertKind::Slack:
            return net::post({claim.address,
                              {"Content-Type: application/json"},
                              slack_message(read_alert(claim.body)),
                              config_.alerts.allowed_networks});
        case AlertKind::Mail:
            break;
    }
    return send_by_mail(claim);
}

net::DeliveryAnswer AlertRunner::send_by_mail(const AlertClaim& claim) const {
    const auto& settings = config_.alerts;
    net::DeliveryAnswer none;
    if (!settings.smtp_url || !settings.mail_from) {
        none.error = "no mail server is configured (ALERT_SMTP_URL)";
        return none;
    }
    net::MailServer server{*settings.smtp_url, settings.smtp_user, std::nullopt,
                           settings.smtp_requires_tls};
    if (settings.smtp_password_file) {
        try {
            server.password = without_line_end(
                os::read_file(*settings.smtp_password_file, kMostPassword).value());
        } catch (const std::exception& error) {
            log::error("cannot read ALERT_SMTP_PASSWORD_FILE", {{"error", error.what()}});
            none.error = "the mail server's password cannot be read (ALERT_SMTP_PASSWORD_FILE)";
            return none;
        }
    }
    return net::send_mail(server,
                          mail_message(read_alert(claim.body), claim.uid, *settings.mail_from,
                                       split_at_commas(claim.address), now()));
}

}  // namespace coredepot::core
