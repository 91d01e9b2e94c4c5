// Mail through a real SMTP server, and as a mail program of others reads it.

#include "alerts_test.hpp"
#include "support/child_process.hpp"
#include "support/mail_server.hpp"

namespace coredepot::db {
namespace {

using test::MailServer;

class AlertMailTest : public AlertsTest {
  protected:
    std::int64_t add_mailbox() {
        AlertTargetChange change;
        change.kind = AlertKind::Mail;
        change.address = "first@example.com,second@example.com";
        return add_target(change);
    }
    void send(const std::string& url) const {
        auto settings = variables();
        settings["ALERT_SMTP_URL"] = url;
        settings["ALERT_SMTP_TLS"] = "false";
        settings["ALERT_MAIL_FROM"] = "depot@example.com";
        EXPECT_EQ(test::RunnerProcess(settings, "notify_runner").wait(), 0);
    }
};

TEST_F(AlertMailTest, IsTextAndHtmlAndNothingElse) {
    const MailServer server;
    add_mailbox();
    crash_of(device_, {"sig", "1.0"});
    // A line end, a header and markup, as a device may put them into a task's name.
    sql("UPDATE issues SET title = E'Abort in ü\\r\\nBcc: x@evil.example\\r\\n\\r\\n<script>' || "
        "repeat('é', 90)");
    make_due();
    send(server.url());
    const auto mail = server.read();
    const auto has = [&](const std::string& text) {
        EXPECT_NE(mail.find(text), std::string::npos) << text << " is not in:\n" << mail;
    };
    has("mails: 1\n");
    has("From: Coredepot <depot@example.com>\n");
    has("To: first@example.com, second@example.com\n");
    has("Subject: [Coredepot] A-1 New in 1.0: Abort in ü");
    has("Bcc: x@evil.example");  // in the subject
    has("<script>éééé");
    has("Bcc: None\n");
    has("defects: []\n");
    has("X-RcptTo: first@example.com, second@example.com\n");
    has("Auto-Submitted: auto-generated\n");
    has("References: <issue-A-1@example.com>\n");
    has("part: multipart/alternative\npart: text/plain\n");
    has("part: text/html\n");
    has("https://depot.example/issues/A-1\n");
    has("&lt;script&gt;");
    has("Message-ID: <" + sql_value("SELECT uid FROM alert_messages") + "@example.com>\n");
}

TEST_F(AlertMailTest, WaitsForAServerThatIsAway) {
    const auto target = add_mailbox();
    targets_.test(target);
    send("smtp://127.0.0.1:" + std::to_string(test::free_port()));
    EXPECT_EQ(targets_.deliveries(target, std::nullopt, 1).at(0).outcome, "given_up");
    crash_of(device_, {"sig", "1.0"});
    make_due();
    const MailServer server;
    send(server.url());
    EXPECT_NE(server.read().find("mails: 1\n"), std::string::npos);
}

}  // namespace
}  // namespace coredepot::db
