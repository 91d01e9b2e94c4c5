// From a crash to the message that tells of it: API, runners, and a receiver.

#include <gtest/gtest.h>

#include "support/alert_receiver.hpp"
#include "support/fake_sidecar.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

FakeSidecar& sidecar() {
    static FakeSidecar only;
    return only;
}

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", sidecar().url()},
                    {"BASEURL", "http://127.0.0.1:1"},
                    {"ALERT_ALLOWED_NETWORKS", "127.0.0.0/8"}};
});

HttpResponse send(const std::string& method, const std::string& target, const std::string& body) {
    return stack().client().send({method, target, body, {}});
}

class Alerts : public testing::Test {
  protected:
    /// Its path.
    std::string add_target(const std::string& more = "") const {
        const auto created = send(
            "POST", "/api/alert-targets",
            R"({"name": "Pager", "kind": "slack", "url": ")" + receiver_.url() + '"' + more + '}');
        EXPECT_EQ(created.status, 201) << created;
        return "/api/alert-targets/" + std::to_string(created.json().at("id").integer());
    }
    bool receives(std::size_t count) const {
        return eventually([&] { return receiver_.received().size() >= count; });
    }
    static JsonValue last_delivery(const std::string& path) {
        return stack().client().get(path + "/deliveries?limit=1").json().at("deliveries").at(0);
    }
    static std::string health() {
        return stack().client().get("/health").json().at("alerts").text();
    }

    AlertReceiver receiver_;
};

TEST_F(Alerts, ATestArrivesAtOnce) {
    const auto path = add_target();
    const auto answer = send("POST", path + "/test", "");
    ASSERT_EQ(answer.status, 202) << answer;
    ASSERT_TRUE(receives(1));
    EXPECT_NE(receiver_.received()[0].body.find("Pager"), std::string::npos);
    ASSERT_TRUE(eventually([&] {
        return stack().client().get(path + "/deliveries").json().at("count").integer() == 1;
    }));
    const auto delivery = last_delivery(path);
    EXPECT_EQ(delivery.at("message").text(), answer.json().at("message").text());
    EXPECT_EQ(delivery.at("outcome").text(), "delivered");
    EXPECT_EQ(delivery.at("status").integer(), 200);
    EXPECT_EQ(stack().client().del(path).status, 204);
}

TEST_F(Alerts, ANewIssueIsToldWithItsLink) {
    const auto device = make_device();
    const auto path = add_target(R"(, "models": [")" + device.model.code + R"("])");
    upload_firmware(device.model, zip(bundle_entries(device.model.code, "1.0.0", "an ELF")));
    sidecar().answer_with([](const auto&) {
        return SidecarReply::with_body(
            R"({"output": "text", "signature": "aaaa", "title": "Abort in <f> at main.c:1",
                "elf_verified": true, "crash": {"kind": "Abort", "functions": ["f"], "quality": "full"}})");
    });
    upload(device);
    ASSERT_TRUE(
        eventually([&] { return stack().client().get(path).json().at("waiting").integer() == 1; }));
    EXPECT_TRUE(receiver_.received().empty()) << "it waits for more";
    // The 30 seconds are over.
    stack().sql("UPDATE alert_events SET due_at = now() RETURNING id");
    EXPECT_EQ(send("POST", path + "/test", "").status, 202);
    ASSERT_TRUE(
        eventually([&] { return stack().client().get(path).json().at("waiting").integer() == 0; }));
    std::string name = device.model.code + "-1";
    for (char& c : name) c = static_cast<char>(std::toupper(c));
    bool is_told = false;
    for (const auto& alert : receiver_.received()) {
        is_told =
            is_told || (alert.body.find("http://127.0.0.1:1/issues/" + name) != std::string::npos &&
                        alert.body.find("&lt;f&gt;") != std::string::npos);
    }
    EXPECT_TRUE(is_told);
    sidecar().answer_with(nullptr);
    EXPECT_EQ(stack().client().del(path).status, 204);
}

TEST_F(Alerts, WhoFailsForADayIsSeen) {
    EXPECT_EQ(health(), "none");
    const auto path = add_target();
    EXPECT_EQ(health(), "ok");
    stack().sql(
        "UPDATE alert_targets SET failing_since = now() - interval '25 hours' RETURNING id");
    EXPECT_EQ(health(), "failing");
    EXPECT_EQ(stack().client().get(path).json().at("state").text(), "failing");
    auto client = stack().client();
    const auto page = MetricsPage::of(client);
    EXPECT_EQ(page.at(R"(coredepot_alert_targets{state="failing"})"), 1);
    EXPECT_EQ(page.at("coredepot_alerts_waiting"), 0);
    receiver_.answer_with([](const auto&) { return ReceiverReply{410, "", ""}; });
    EXPECT_EQ(send("POST", path + "/test", "").status, 202);
    EXPECT_TRUE(
        eventually([&] { return stack().client().get(path).json().at("state").text() == "gone"; }));
    EXPECT_EQ(health(), "failing");
    EXPECT_EQ(stack().client().del(path).status, 204);
    EXPECT_EQ(health(), "none");
}

}  // namespace
