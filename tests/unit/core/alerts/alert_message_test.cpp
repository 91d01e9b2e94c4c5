#include <gtest/gtest.h>

#include "core/alerts/mail_message.hpp"
#include "core/alerts/message.hpp"
#include "core/alerts/runner.hpp"
#include "core/alerts/slack_message.hpp"
#include "json.hpp"
#include "support/json_value.hpp"

namespace coredepot::core {
namespace {

using test::JsonValue;

/// A message about one issue, as the database makes it.
std::string body(const std::string& type, const std::string& cause = "{}",
                 const std::string& title = "Abort in f at main.c:1") {
    json::Writer writer;
    writer.begin_object().member("type", type).key("data").begin_object();
    writer.member("id", "evt_1").member("type", type).key("cause").raw_value(cause);
    writer.key("issue").begin_object();
    writer.member("name", "A-1")
        .member("title", title)
        .member("model", "a")
        .member("kind", "Abort");
    writer.member("devices", 3).member("occurrences", 7).member("occurrences_last_hour", 5);
    writer.member("first_version", "1.0").member("last_version", "1.2");
    writer.member("url", "https://depot.example/issues/A-1");
    writer.end_object().end_object().end_object();
    return writer.take();
}

std::string what(const std::string& type, const std::string& cause) {
    return read_alert(body(type, cause)).items.at(0).what;
}

TEST(AlertMessage, SaysWhatHappened) {
    EXPECT_EQ(what("issue.created", R"({"version": "1.2"})"), "New in 1.2");
    EXPECT_EQ(what("issue.created", R"({"version": null})"), "New");
    EXPECT_EQ(what("issue.regressed", R"({"version": "1.8.2", "fixed_in": ["1.8.1", "1.9.0"]})"),
              "Regressed in 1.8.2 (fixed in 1.8.1, 1.9.0)");
    EXPECT_EQ(what("issue.unmuted", R"({"muted_until": {"devices": 10}})"),
              "Unmuted: 10 more devices");
    EXPECT_EQ(what("issue.unmuted", R"({"muted_until": {"version_after": "1.0"}})"),
              "Unmuted: seen in a version after 1.0");
    EXPECT_EQ(what("issue.unmuted", R"({"muted_until": {"time": "x"}})"),
              "Unmuted: its time is over");
    EXPECT_EQ(what("issue.unmuted", R"({"muted_until": null})"), "Unmuted");
    EXPECT_EQ(what("issue.spike", R"({"occurrences": 120, "devices": 1, "mean": 3.4})"),
              "Spike: 120 core dumps of 1 device within an hour, where the mean is 3");
}

TEST(AlertMessage, SaysWhatOneHasToKnow) {
    const auto alert = read_alert(body("issue.created", R"({"version": "1.2"})"));
    EXPECT_EQ(alert.headline, "A-1 New in 1.2: Abort in f at main.c:1");
    EXPECT_EQ(alert.items.at(0).facts,
              "a · Abort · 3 devices · 7 core dumps (5 in the last hour) · versions 1.0 to 1.2");
    EXPECT_EQ(alert.items.at(0).url, "https://depot.example/issues/A-1");
}

TEST(AlertMessage, SeveralAreCountedAndNamed) {
    const auto one = body("issue.created");
    const auto event =
        one.substr(one.find("\"data\":") + 7, one.size() - one.find("\"data\":") - 8);
    const auto alert =
        read_alert(R"({"type": "batch", "data": {"events": [)" + event + "," + event + "]}}");
    EXPECT_EQ(alert.headline, "Issues: 2 new");
    EXPECT_EQ(alert.items.size(), 2U);
}

TEST(AlertMessage, DigestAndTest) {
    const auto digest = read_alert(
        R"({"type": "digest", "data": {"occurrences": 1, "new": 2, "regressed": 3, "unmuted": 0, "issues": []}})");
    EXPECT_EQ(digest.headline,
              "The last 24 hours: 1 core dump, 2 new issues, 3 regressed, 0 unmuted");
    EXPECT_NE(read_alert(R"({"type": "test", "data": {"target": "Pager"}})").headline.find("Pager"),
              std::string::npos);
}

TEST(AlertMessage, WhatCannotBeReadSaysSomethingAllTheSame) {
    for (const auto* bad : {"", "x", "[]", "{}", R"({"data": 1})", R"({"type": 1, "data": {}})",
                            R"({"type": "batch", "data": {"events": [1]}})",
                            R"({"type": "digest", "data": {"issues": {}}})",
                            R"({"type": "issue.created", "data": {"issue": []}})"}) {
        EXPECT_NE(read_alert(bad).headline, "") << bad;
    }
}

/// What devices make up: markup of three kinds, a terminal's escape, a reversed direction, a
/// header.
const std::string kHostile =
    "<b>&`*_~@channel <!here> \x1b[31m\xe2\x80\xae\r\nBcc: x@y.example\r\n\r\n<script>";

TEST(AlertMessage, SlackGetsItEscaped) {
    const auto alert = read_alert(body("issue.created", "{}", kHostile));
    const auto message = slack_message(alert);
    const auto json = JsonValue::parse(message);
    const auto section = json.at("blocks").at(1).at("text").at("text").text();
    for (const auto& shown : {json.at("text").text(), section}) {
        for (const auto* bad : {"<b>", "<!here>", "<script>", "\x1b", "\xe2\x80\xae", "\r"}) {
            EXPECT_EQ(shown.find(bad), std::string::npos) << shown;
        }
        // The title is code, in which nothing else is: no mention, and no end of the code.
        EXPECT_NE(shown.find("`&lt;b&gt;&amp;'*_~@channel &lt;!here&gt; "), std::string::npos)
            << shown;
        EXPECT_NE(shown.find("<https://depot.example/issues/A-1|A-1>"), std::string::npos);
    }
    EXPECT_EQ(json.at("blocks").at(0).at("text").at("type").text(), "plain_text");
}

TEST(AlertMessage, SlackGetsNoMoreThanItTakes) {
    AlertText alert;
    alert.headline = std::string(1000, 'x') + "\xc3\xa9";
    for (int i = 0; i < 500; ++i)
        alert.items.push_back({"New", "A-1", std::string(300, '<'), "f", {}});
    const auto json = JsonValue::parse(slack_message(alert));
    EXPECT_LE(json.at("blocks").size(), 50U);
    EXPECT_LE(json.at("blocks").at(0).at("text").at("text").text().size(), 150U);
    for (std::size_t i = 1; i < json.at("blocks").size(); ++i) {
        EXPECT_LE(json.at("blocks").at(i).at("text").at("text").text().size(), 3000U);
    }
}

TEST(AlertMessage, MailGetsItEscapedAndNoHeaderMore) {
    const auto alert = read_alert(body("issue.created", "{}", kHostile));
    const auto mail = mail_message(alert, "msg_1", "depot@example.com", {"a@b"}, Timestamp());
    for (const auto& header : mail.headers) {
        EXPECT_EQ(header.find("Bcc"), std::string::npos) << header;
        for (const char c : header)
            EXPECT_GE(static_cast<unsigned char>(c), c == '\r' || c == '\n' ? 10 : 32);
        // Lines go on only where that is said.
        for (auto at = header.find('\n'); at != std::string::npos; at = header.find('\n', at + 1)) {
            EXPECT_EQ(header.substr(at - 1, 3), "\r\n ") << header;
        }
    }
    EXPECT_EQ(mail.headers.at(0), "Date: Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mail.headers.at(1), "Message-ID: <msg_1@example.com>");
    EXPECT_EQ(mail.html.find("<b>"), std::string::npos);
    EXPECT_EQ(mail.html.find("<script>"), std::string::npos);
    EXPECT_NE(mail.html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_EQ(mail.text.find('\x1b'), std::string::npos);
    EXPECT_NE(mail.text.find("https://depot.example/issues/A-1"), std::string::npos);
}

TEST(AlertMessage, WhatComesOfAnAnswer) {
    using Outcome = AlertAttempt::Outcome;
    AlertClaim claim;
    claim.event = "issue.created";
    const auto outcome = [&](std::optional<long> status, const std::string& error = "") {
        return judge_answer(claim, {status, "", std::nullopt, error}, 0).outcome;
    };
    EXPECT_EQ(outcome(200), Outcome::Delivered);
    EXPECT_EQ(outcome(204), Outcome::Delivered);
    for (const long status : {301L, 302L, 307L, 400L, 401L, 404L, 429L, 500L, 503L}) {
        EXPECT_EQ(outcome(status), Outcome::Retry) << status;
    }
    EXPECT_EQ(outcome(std::nullopt, "no route"), Outcome::Retry);
    EXPECT_EQ(outcome(410), Outcome::SwitchedOff);
    EXPECT_EQ(judge_answer(claim, {429, "", std::chrono::seconds(77), ""}, 0).pause, 77);
    claim.attempt = 10;
    EXPECT_EQ(outcome(500), Outcome::GivenUp);
    claim.attempt = 1;
    claim.event = "test";
    EXPECT_EQ(outcome(500), Outcome::GivenUp);
    EXPECT_EQ(judge_answer(claim, {200, std::string(5000, '\xff') + '\0', std::nullopt, ""}, 0)
                  .answer->size(),
              3 * 2048U);
}

}  // namespace
}  // namespace coredepot::core
