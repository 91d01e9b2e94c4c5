#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/alert_outbox.hpp"
#include "db/alert_targets.hpp"
#include "issues_test.hpp"
#include "support/alert_receiver.hpp"
#include "support/json_value.hpp"
#include "support/runner_process.hpp"
#include "support/stack.hpp"

namespace coredepot::db {

/// Issues, and a webhook that is told of them. Nobody waits here: what has to be waited for is made
/// due.
class AlertsTest : public IssuesTest {
  protected:
    static constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// Told of everything but what `change` says; its id.
    std::int64_t add_target(AlertTargetChange change = {}) {
        if (!change.name) change.name = "test";
        if (!change.kind) change.kind = AlertKind::Webhook;
        if (!change.address) change.address = receiver_.url();
        if (change.kind == AlertKind::Webhook) change.secret = kSecret;
        change.shown_address = "http://shown";
        if (!change.events) change.events.emplace(kAlertEvents.begin(), kAlertEvents.end());
        if (!change.models) change.models.emplace(std::nullopt);
        change.min_devices = change.min_devices.value_or(0);
        change.enabled = change.enabled.value_or(true);
        return targets_.insert(change);
    }

    static void make_due() {
        sql("UPDATE alert_events SET due_at = now() WHERE due_at > now();"
            "UPDATE alert_messages SET next_attempt_at = now() WHERE next_attempt_at > now();"
            "UPDATE alert_targets SET quiet_until = '-infinity', leased_until = NULL");
    }
    static std::string events() {
        return sql_value(
            "SELECT coalesce(string_agg(event || CASE WHEN held_for IS NULL THEN '' ELSE '?' END, "
            "' ' ORDER BY id), '') FROM alert_events");
    }

    test::RunnerProcess::Variables variables() const {
        return {{"DATABASE_URL", test::database_url(test::Role::Writer)},
                {"ASSETS_DIR", "/nowhere"},
                {"OIDC_ENABLED", "false"},
                {"BASEURL", "https://depot.example"},
                {"ALERT_ALLOWED_NETWORKS", "127.0.0.0/8"}};
    }
    /// Sends what is due, as in production; ends when it is told to, or nothing is due soon.
    void run() const { EXPECT_EQ(test::RunnerProcess(variables(), "notify_runner").wait(), 0); }
    /// Sends what is due in this process: one attempt.
    std::optional<AlertClaim> claim() {
        return outbox_.claim(std::chrono::seconds(60), "https://depot.example");
    }
    test::JsonValue last_body() const {
        return test::JsonValue::parse(receiver_.received().back().body);
    }

    test::AlertReceiver receiver_;
    AlertTargets targets_{database_};
    AlertOutbox outbox_{database_};
    std::int64_t device_ = add_device(model_, "abcd1234");
};

}  // namespace coredepot::db
