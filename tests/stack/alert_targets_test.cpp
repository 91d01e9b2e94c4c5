// Who is told of issues, over HTTP: targets are made, looked at, changed and deleted.

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{}; });

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kOther = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

HttpResponse send(const std::string& method, const std::string& target, const std::string& body) {
    return stack().client().send({method, target, body, {}});
}
HttpResponse create(const std::string& members) {
    return send("POST", "/api/alert-targets", "{" + members + "}");
}
std::string path_of(const HttpResponse& created) {
    EXPECT_EQ(created.status, 201) << created;
    return "/api/alert-targets/" + std::to_string(created.json().at("id").integer());
}
std::string webhook(const std::string& more = "") {
    return R"("name": "Pager", "kind": "webhook", "url": "https://hook.invalid/x?token=y", "secret": ")" +
           std::string(kSecret) + '"' + more;
}

TEST(AlertTargets, NobodySeesASecret) {
    const auto created = create(webhook());
    const auto path = path_of(created);
    const auto& target = created.json();
    EXPECT_EQ(target.at("address").text(), "https://hook.invalid/…");
    EXPECT_EQ(target.at("secrets").integer(), 1);
    EXPECT_EQ(target.at("state").text(), "ok");
    EXPECT_EQ(target.at("events").size(), 4U);
    EXPECT_TRUE(target.at("models").is_null());
    EXPECT_EQ(send("PATCH", path, R"({"secret": ")" + std::string(kOther) + "\"}")
                  .json()
                  .at("secrets")
                  .integer(),
              2);
    for (const auto& shown :
         {stack().client().get(path).body, stack().client().get("/api/alert-targets").body}) {
        EXPECT_NE(shown.find("hook.invalid"), std::string::npos) << shown;
        for (const auto* secret : {"token", "MfKQ9r8G", "C2FVsBQI"}) {
            EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
        }
    }
    for (const auto& [name, text] : stack().logs()) {
        for (const auto* secret : {"token=y", "MfKQ9r8G", "C2FVsBQI"}) {
            EXPECT_EQ(text.find(secret), std::string::npos) << name;
        }
    }
    EXPECT_EQ(stack().client().del(path).status, 204);
    EXPECT_EQ(stack().client().get(path).status, 404);
}

TEST(AlertTargets, ChangedMemberByMember) {
    const auto model = make_model();
    const auto path =
        path_of(create(R"("name": "Team", "kind": "mail", "to": ["a@b.invalid", "c@d.invalid"],
                          "enabled": false, "events": ["digest"])"));
    const auto changed =
        send("PATCH", path,
             R"({"models": [")" + model.code + R"("], "min_devices": 5, "to": ["e@f.invalid"]})");
    ASSERT_EQ(changed.status, 200) << changed;
    EXPECT_EQ(changed.json().at("models").at(0).text(), model.code);
    EXPECT_EQ(changed.json().at("to").at(0).text(), "e@f.invalid");
    EXPECT_TRUE(changed.json().at("address").is_null());
    EXPECT_EQ(changed.json().at("min_devices").integer(), 5);
    EXPECT_EQ(changed.json().at("name").text(), "Team");
    EXPECT_EQ(changed.json().at("state").text(), "off");
    const auto again = send("PATCH", path, R"({"models": null, "enabled": true})");
    EXPECT_TRUE(again.json().at("models").is_null());
    EXPECT_EQ(again.json().at("state").text(), "ok");
    EXPECT_EQ(send("PATCH", path, "{}").status, 200);
}

TEST(AlertTargets, WhatIsNone) {
    const auto path = path_of(create(R"("name": "x", "kind": "slack", "url": "http://s.invalid")"));
    for (const auto& members : {
             std::string(),
             std::string(R"("name": "x", "kind": "slack")"),
             std::string(R"("name": "x", "kind": "mail", "url": "http://x")"),
             std::string(R"("name": "x", "kind": "mail", "to": [])"),
             std::string(R"("name": "x", "kind": "mail", "to": ["a@b\r\nBcc: c@d"])"),
             std::string(R"("name": "x", "kind": "mail", "to": ["a@b,c@d"])"),
             std::string(R"("name": "x", "kind": "pigeon", "url": "http://x")"),
             std::string(R"("name": "x", "kind": "webhook", "url": "https://x.invalid")"),
             std::string(R"("name": "x\u202e", "kind": "slack", "url": "http://x")"),
             std::string(R"("name": "", "kind": "slack", "url": "http://x")"),
             webhook(R"(, "events": [])"),
             webhook(R"(, "events": ["test"])"),
             webhook(R"(, "events": ["digest", "digest"])"),
             webhook(R"(, "models": [])"),
             webhook(R"(, "models": ["no_such_model"])"),
             webhook(R"(, "models": ["../x"])"),
             webhook(R"(, "min_devices": -1)"),
             webhook(R"(, "enabled": 1)"),
             webhook(R"(, "to": ["a@b"])"),
         }) {
        EXPECT_EQ(create(members).status, 400) << members;
    }
    for (const auto* url :
         {"", "x", "ftp://x.invalid", "file:///etc/passwd", "http://", "http:///x",
          "http://u:p@x.invalid", "http://x.invalid#f", "http://x .invalid", "http://x.invalid:0",
          "http://x.invalid:99999", "http://x\\\\.invalid", "gopher://x", "http://[::1",
          "http://a..b", "http://x.invalid/\\u00e9"}) {
        EXPECT_EQ(send("PATCH", path, R"({"url": ")" + std::string(url) + "\"}").status, 400)
            << url;
    }
    for (const auto* secret :
         {"", "x", "whsec_", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La"}) {
        EXPECT_EQ(create(R"("name": "x", "kind": "webhook", "url": "http://x", "secret": ")" +
                         std::string(secret) + '"')
                      .status,
                  400)
            << secret;
    }
    EXPECT_EQ(send("PATCH", path, R"({"kind": "mail"})").status, 400);
    EXPECT_EQ(send("PATCH", path, R"({"secret": ")" + std::string(kSecret) + "\"}").status, 400);
    for (const auto* nobody : {"0", "-1", "x", "99999999", "99999999999999999999"}) {
        const auto strange = std::string("/api/alert-targets/") + nobody;
        EXPECT_EQ(stack().client().get(strange).status, 404) << nobody;
        EXPECT_EQ(send("POST", strange + "/test", "").status, 404) << nobody;
        EXPECT_EQ(stack().client().get(strange + "/deliveries").status, 404) << nobody;
    }
    EXPECT_EQ(stack().client().get(path + "/deliveries?cursor=00").status, 400);
    EXPECT_EQ(stack().client().get(path + "/test").status, 405);
}

}  // namespace
