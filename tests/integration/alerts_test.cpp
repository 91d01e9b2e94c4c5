// What is told, to whom, and when: the outbox, messages, attempts.

#include "alerts_test.hpp"

#include "support/command.hpp"

namespace coredepot::db {
namespace {

using test::JsonValue;
using test::ReceivedAlert;
using test::ReceiverReply;
using Outcome = AlertAttempt::Outcome;

TEST_F(AlertsTest, AreWrittenWithWhatHappened) {
    crash_of(device_, {"none", "1.0"});
    EXPECT_EQ(events(), "") << "nobody is to be told";
    add_target();
    crash_of(device_, {"sig", "1.0"});
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(events(), "issue.created");
    EXPECT_EQ(resolve(issue_of("sig"), "'1.1'"), "done");
    crash_of(device_, {"sig", "1.0"});
    crash_of(device_, {"sig", "1.1"});
    EXPECT_EQ(events(), "issue.created issue.regressed");
    EXPECT_EQ(triage("mute_issue(" + std::to_string(issue_of("sig")) +
                     ", NULL, '{\"devices\": 1}', NULL, NULL, 1, NULL, NULL, NULL)"),
              "done");
    crash_of(device_, {"sig", "1.1"});
    EXPECT_EQ(events(), "issue.created issue.regressed");
    crash_of(add_device(model_, "efgh5678"), {"sig", "1.1"});
    EXPECT_EQ(events(), "issue.created issue.regressed issue.unmuted");
    EXPECT_EQ(triage("open_issue(" + std::to_string(issue_of("sig")) + ", NULL, NULL, NULL)"),
              "done");
    EXPECT_EQ(events(), "issue.created issue.regressed issue.unmuted") << "a person did that";
    EXPECT_EQ(sql("SELECT cause ->> 'version', cause -> 'fixed_in' ->> 0 FROM alert_events "
                  "WHERE event = 'issue.regressed'"),
              (test::Rows{{"1.1", "1.1"}}));
    EXPECT_EQ(sql_value("SELECT cause -> 'muted_until' ->> 'devices' FROM alert_events "
                        "WHERE event = 'issue.unmuted'"),
              "1");
}

TEST_F(AlertsTest, AreNotWrittenWhenItDidNotHappenAfterAll) {
    add_target();
    add_coredump(device_, next_moment());
    const auto claim = queue_.claim(std::chrono::seconds(60)).value();
    const auto lost = claim;
    EXPECT_TRUE(queue_.release(claim));
    EXPECT_FALSE(queue_.record_parsed(lost, report({"sig", "1.0"}), std::nullopt));
    EXPECT_EQ(events(), "");
}

TEST_F(AlertsTest, FilterByEventAndModel) {
    AlertTargetChange change;
    change.events = {"issue.regressed"};
    add_target(change);
    change.events.reset();
    change.models.emplace(std::vector<std::string>{"other"});
    add_target(change);
    change.models.reset();
    change.enabled = false;
    add_target(change);
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(events(), "");
    resolve(issue_of("sig"), "'1.1'");
    crash_of(device_, {"sig", "1.1"});
    EXPECT_EQ(events(), "issue.regressed");
}

TEST_F(AlertsTest, WaitForEnoughDevices) {
    AlertTargetChange change;
    change.min_devices = 2;
    add_target(change);
    crash_of(device_, {"sig", "1.0"});
    crash_of(device_, {"muted", "1.0"});
    EXPECT_EQ(events(), "issue.created? issue.created?");
    make_due();
    EXPECT_FALSE(claim());
    triage("mute_issue(" + std::to_string(issue_of("muted")) +
           ", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    outbox_.look_around({1000, 1000, 0});
    EXPECT_EQ(sql_value("SELECT count(*) FROM alert_events WHERE event LIKE 'issue%'"), "1");
    crash_of(add_device(model_, "efgh5678"), {"sig", "1.0"});
    outbox_.look_around({1000, 1000, 0});
    make_due();
    EXPECT_EQ(claim().value().event, "issue.created");
}

TEST_F(AlertsTest, OneMessageAMinuteAndTwentyAnHourWithAllThatHappened) {
    add_target();
    crash_of(device_, {"a", "1.0"});
    EXPECT_FALSE(claim()) << "it waits for more";
    crash_of(device_, {"b", "1.0"});
    sql("UPDATE alert_events SET due_at = now() WHERE id = (SELECT min(id) FROM alert_events)");
    auto first = claim().value();
    EXPECT_EQ(first.event, "batch");
    EXPECT_FALSE(claim()) << "the target is leased";
    EXPECT_TRUE(outbox_.record(first, {Outcome::Delivered}));
    EXPECT_FALSE(outbox_.record(first, {Outcome::Delivered})) << "the lease is over";
    const auto data = JsonValue::parse(first.body).at("data").at("events");
    EXPECT_EQ(data.size(), 2U);
    EXPECT_EQ(data.at(0).at("issue").at("url").text(), "https://depot.example/issues/A-1");
    EXPECT_EQ(data.at(0).at("issue").at("occurrences_last_hour").integer(), 1);

    crash_of(device_, {"c", "1.0"});
    sql("UPDATE alert_events SET due_at = now()");
    EXPECT_FALSE(claim()) << "not within the minute";
    for (int i = 0; i < 19; ++i) {
        make_due();
        const auto next = claim();
        ASSERT_TRUE(next) << i;
        outbox_.record(*next, {Outcome::Delivered});
        crash_of(device_, {"more" + std::to_string(i), "1.0"});
    }
    EXPECT_EQ(sql_value("SELECT quiet_until > now() + interval '50 minutes' FROM alert_targets"),
              "t");
    EXPECT_EQ(sql_value("SELECT quiet_until <= now() + interval '1 hour' FROM alert_targets"), "t");
    EXPECT_TRUE(outbox_.next_in().value() > std::chrono::minutes(50));
}

TEST_F(AlertsTest, AMessageStaysAsItIsUntilItIsDelivered) {
    add_target();
    crash_of(device_, {"a", "1.0"});
    make_due();
    const auto first = claim().value();
    AlertAttempt failed;
    failed.pause = 5;
    failed.error = "why";
    EXPECT_TRUE(outbox_.record(first, failed));
    EXPECT_EQ(sql_value("SELECT failing_since IS NOT NULL FROM alert_targets"), "t");
    EXPECT_FALSE(claim());
    crash_of(device_, {"a", "1.0"});
    crash_of(device_, {"b", "1.0"});
    make_due();
    const auto second = claim().value();
    EXPECT_EQ(second.uid, first.uid);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.attempt, 2);
    EXPECT_TRUE(outbox_.record(second, {Outcome::Delivered}));
    EXPECT_EQ(sql_value("SELECT failing_since IS NULL AND last_error IS NULL FROM alert_targets"),
              "t");
    make_due();
    EXPECT_NE(claim().value().uid, first.uid);
}

TEST_F(AlertsTest, ATestGoesBeforeWhatWaits) {
    const auto target = add_target();
    crash_of(device_, {"a", "1.0"});
    make_due();
    AlertAttempt failed;
    failed.pause = 1000;
    failed.error = "why";
    const auto waiting = claim().value();
    outbox_.record(waiting, failed);
    const auto uid = targets_.test(target).value();
    const auto test = claim().value();
    EXPECT_EQ(test.uid, uid);
    outbox_.record(test, {Outcome::Delivered});
    EXPECT_EQ(claim().value().uid, waiting.uid) << "it answers again";
    EXPECT_EQ(targets_.deliveries(target, std::nullopt, 10).size(), 2U);
    EXPECT_FALSE(targets_.test(99999));
}

TEST_F(AlertsTest, WhoIsGoneIsSwitchedOff) {
    const auto target = add_target();
    crash_of(device_, {"a", "1.0"});
    make_due();
    outbox_.record(claim().value(), {Outcome::SwitchedOff, 410});
    EXPECT_TRUE(targets_.find(target)->switched_off);
    EXPECT_EQ(do_alerts_fail(database_), true);
    crash_of(device_, {"b", "1.0"});
    EXPECT_EQ(events(), "");
    AlertTargetChange change;
    change.enabled = true;
    EXPECT_TRUE(targets_.change(target, change));
    EXPECT_FALSE(targets_.find(target)->switched_off);
    EXPECT_EQ(do_alerts_fail(database_), false);
    sql("UPDATE alert_targets SET failing_since = now() - interval '25 hours'");
    EXPECT_EQ(do_alerts_fail(database_), true);
    EXPECT_EQ(alert_state(database_).failing, 1);
}

TEST_F(AlertsTest, SpikesAreToldOnceADay) {
    add_target();
    const auto spikes = [&](std::int64_t occurrences, std::int64_t devices) {
        outbox_.look_around({occurrences, devices, 0});
        return sql_value("SELECT count(*) FROM alert_events WHERE event = 'issue.spike'");
    };
    for (int i = 0; i < 6; ++i) crash_of(device_, {"sig", "1.0"});
    // All in one hour of the clock, whenever this runs.
    const std::string in_one_hour =
        "DELETE FROM signature_hours; INSERT INTO signature_hours "
        "SELECT signature_id, date_trunc('hour', now(), 'UTC'), count(*) FROM occurrences GROUP BY "
        "1;"
        "UPDATE occurrences SET at = now()";
    sql(in_one_hour);
    EXPECT_EQ(spikes(7, 2), "0");
    // As many as ever.
    sql("UPDATE issues SET first_seen = first_seen - interval '2 days';"
        "INSERT INTO signature_hours SELECT id, date_trunc('hour', now(), 'UTC') - i * interval '1 "
        "hour', 2"
        " FROM signatures, generate_series(2, 40) i ON CONFLICT DO NOTHING");
    EXPECT_EQ(spikes(5, 100), "0");
    sql("DELETE FROM signature_hours WHERE occurrences = 2");
    sql("UPDATE issues SET state = 'muted'");
    EXPECT_EQ(spikes(5, 100), "0");
    sql("UPDATE issues SET state = 'open', reason = NULL");
    EXPECT_EQ(spikes(5, 100), "1");
    EXPECT_EQ(spikes(5, 100), "1");
    sql("UPDATE alert_spikes SET told_at = told_at - interval '25 hours'");
    crash_of(add_device(model_, "efgh5678"), {"sig", "1.0"});
    sql(in_one_hour);
    EXPECT_EQ(spikes(100, 3), "1");
    EXPECT_EQ(spikes(100, 2), "2") << "by devices";
}

TEST_F(AlertsTest, ADigestADay) {
    add_target();
    crash_of(device_, {"sig", "1.0"});
    crash_of(device_, {"sig", "1.0"});
    sql("DELETE FROM alert_events");
    outbox_.look_around({1000, 1000, 0});
    EXPECT_EQ(events(), "") << "the first one comes tomorrow";
    sql("UPDATE alert_targets SET digested_on = digested_on - 1");
    outbox_.look_around({1000, 1000, 0});
    outbox_.look_around({1000, 1000, 0});
    EXPECT_EQ(events(), "digest");
    make_due();
    const auto data = JsonValue::parse(claim().value().body).at("data");
    EXPECT_EQ(data.at("new").integer(), 1);
    EXPECT_EQ(data.at("occurrences").integer(), 2);
    EXPECT_EQ(data.at("issues").at(0).at("occurrences_last_day").integer(), 2);
}

TEST_F(AlertsTest, WhatIsOldGoes) {
    const auto target = add_target();
    targets_.test(target);
    outbox_.record(claim().value(), {Outcome::Delivered});
    sql("UPDATE alert_deliveries SET at = now() - interval '59 days'");
    outbox_.look_around({1000, 1000, 0});
    EXPECT_EQ(sql_value("SELECT count(*) FROM alert_deliveries"), "1");
    sql("UPDATE alert_deliveries SET at = now() - interval '61 days';"
        "UPDATE alert_messages SET done_at = now() - interval '61 days'");
    outbox_.look_around({1000, 1000, 0});
    EXPECT_EQ(sql_value("SELECT count(*) FROM alert_deliveries"), "0");
    EXPECT_EQ(sql_value("SELECT count(*) FROM alert_messages"), "0");
}

TEST_F(AlertsTest, AModelsDeletionIsInNobodysWay) {
    add_target();
    crash_of(device_, {"sig", "1.0"});
    sql("DELETE FROM coredumps; DELETE FROM devices; DELETE FROM device_models");
    EXPECT_EQ(events(), "");
    make_due();
    EXPECT_FALSE(claim());
}

/// As a receiver does that knows nothing of Coredepot.
bool is_genuine(const ReceivedAlert& alert, const std::string& secret) {
    constexpr const char* kCheck = R"(
import base64, hashlib, hmac, sys
id, timestamp, signatures, secret, body = sys.argv[1:]
key = base64.b64decode(secret.removeprefix("whsec_"))
wanted = "v1," + base64.b64encode(
    hmac.digest(key, f"{id}.{timestamp}.{body}".encode(), hashlib.sha256)).decode()
sys.exit(0 if any(hmac.compare_digest(wanted, one) for one in signatures.split()) else 1)
)";
    return test::run_command({"/usr/bin/python3", "-c", kCheck, alert.headers.at("webhook-id"),
                              alert.headers.at("webhook-timestamp"),
                              alert.headers.at("webhook-signature"), secret, alert.body})
               .status == 0;
}

TEST_F(AlertsTest, TheRunnerSignsWithBothSecretsWhileTheyRotate) {
    const std::string other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const auto target = add_target();
    targets_.test(target);
    run();
    ASSERT_EQ(receiver_.received().size(), 1U);
    EXPECT_TRUE(is_genuine(receiver_.received()[0], kSecret));
    EXPECT_FALSE(is_genuine(receiver_.received()[0], other));
    AlertTargetChange change;
    change.secret = other;
    EXPECT_TRUE(targets_.change(target, change));
    targets_.test(target);
    run();
    EXPECT_TRUE(is_genuine(receiver_.received()[1], kSecret));
    EXPECT_TRUE(is_genuine(receiver_.received()[1], other));
    sql("UPDATE alert_targets SET old_secret_until = now()");
    targets_.test(target);
    run();
    EXPECT_FALSE(is_genuine(receiver_.received()[2], kSecret));
    EXPECT_TRUE(is_genuine(receiver_.received()[2], other));
}

TEST_F(AlertsTest, TheRunnerWritesDownWhatCameOfIt) {
    const auto target = add_target();
    const auto deliver = [&](const ReceiverReply& reply) {
        receiver_.answer_with([=](const auto&) { return reply; });
        make_due();
        {
            // It would wait for the attempt after this one.
            test::RunnerProcess runner(variables(), "notify_runner");
            const auto before = targets_.deliveries(target, std::nullopt, 100).size();
            EXPECT_TRUE(test::eventually(
                [&] { return targets_.deliveries(target, std::nullopt, 100).size() > before; }));
            runner.signal(SIGTERM);
            EXPECT_EQ(runner.wait(), 0);
        }
        return targets_.deliveries(target, std::nullopt, 1).at(0);
    };
    crash_of(device_, {"a", "1.0"});
    const auto failed = deliver({500, std::string(5000, 'x'), ""});
    EXPECT_EQ(failed.outcome, "retry");
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(failed.answer.value().size(), 2048U);
    EXPECT_EQ(failed.issues, R"(["A-1"])");
    const auto redirected = deliver({302, "", "Location: http://127.0.0.1/"});
    EXPECT_EQ(redirected.outcome, "retry");
    EXPECT_NE(redirected.error.value().find("redirect"), std::string::npos);
    deliver({429, "", "Retry-After: 3600"});
    EXPECT_EQ(
        sql_value("SELECT next_attempt_at > now() + interval '55 minutes' FROM alert_messages "
                  "WHERE done_at IS NULL"),
        "t");
    EXPECT_EQ(deliver(ReceiverReply::hang_up()).status, std::nullopt);
    EXPECT_EQ(deliver({200, std::string(100'000, 'x'), ""}).outcome, "delivered");
    crash_of(device_, {"b", "1.0"});
    EXPECT_EQ(deliver({410, "", ""}).outcome, "switched_off");
    EXPECT_FALSE(targets_.find(target)->enabled);
}

TEST_F(AlertsTest, SlackAndMailWithoutAServer) {
    AlertTargetChange change;
    change.kind = AlertKind::Slack;
    targets_.test(add_target(change));
    change.kind = AlertKind::Mail;
    change.address = "a@b.invalid";
    const auto mail = add_target(change);
    targets_.test(mail);
    run();
    EXPECT_NE(last_body().at("text").text().find("test"), std::string::npos);
    const auto delivery = targets_.deliveries(mail, std::nullopt, 1).at(0);
    EXPECT_EQ(delivery.outcome, "given_up");
    EXPECT_EQ(delivery.error, "no mail server is configured (ALERT_SMTP_URL)");
}

}  // namespace
}  // namespace coredepot::db
