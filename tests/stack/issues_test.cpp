// Issues over HTTP: from core dumps to a regression, and what people do in between.

#include <atomic>

#include <gtest/gtest.h>

#include "support/fake_sidecar.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

FakeSidecar& sidecar() {
    static FakeSidecar only;
    return only;
}

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", sidecar().url()}, {"PARSE_RETRY_SECONDS", "0,0"}};
});

class Issues : public testing::Test {
  protected:
    void SetUp() override {
        for (const auto* version : {"1.0.0", "1.1.0"}) bring(version);
    }
    void TearDown() override { sidecar().answer_with(nullptr); }

    void bring(const std::string& version) const {
        upload_firmware(device_.model, zip(bundle_entries(device_.model.code, version, "an ELF")));
    }
    /// A core dump that is parsed to this signature.
    FleetCoredump crash(const std::string& signature, const std::string& version = "1.0.0") const {
        const auto body = R"({"output": "text", "signature": ")" + signature +
                          R"(", "title": "Abort in f_)" + signature + R"( at main.c:1",
                   "elf_verified" : true, "crash" : {"kind": "Abort",)" +
                          R"("functions": ["f_)" + signature + R"("], "quality": "full"}})";
        sidecar().answer_with([body](const auto&) { return SidecarReply::with_body(body); });
        const auto coredump = upload(device_, "a core dump", "esp32c3", version);
        EXPECT_TRUE(eventually([&] {
            return get(device_.coredump_path(coredump.id)).json().at("parse_status").text() ==
                   "PARSED";
        }));
        return coredump;
    }

    static HttpResponse get(const std::string& target) { return stack().client().get(target); }
    static HttpResponse send(const std::string& method, const std::string& target,
                             const std::string& body, const std::string& revision = "") {
        HttpRequest request{method, target, body, {}};
        if (!revision.empty()) request.headers.push_back("If-Match: " + revision);
        return stack().client().send(request);
    }
    /// The issue that has the number in the device's model.
    std::string path(int number) const {
        return "/api/issues/" + device_.model.code + '-' + std::to_string(number);
    }
    JsonValue issue(int number) const {
        const auto response = get(path(number));
        EXPECT_EQ(response.status, 200) << response;
        return response.json();
    }
    std::string id(int number) const { return std::to_string(issue(number).at("id").integer()); }
    JsonValue list(const std::string& filter = "") const {
        const auto response = get("/api/issues?model=" + device_.model.code + filter);
        EXPECT_EQ(response.status, 200) << response;
        return response.json();
    }
    std::size_t count(const std::string& filter) const { return list(filter).at("issues").size(); }

    FleetDevice device_ = make_device();
};

TEST_F(Issues, FromACrashToARegression) {
    const auto first = crash("aaaa");
    const auto shown = list().at("issues").at(0);
    EXPECT_EQ(shown.at("state").text(), "open");
    EXPECT_EQ(shown.at("reason").text(), "new");
    EXPECT_EQ(shown.at("title").text(), "Abort in f_aaaa at main.c:1");
    EXPECT_EQ(shown.at("sparkline").size(), 24U);
    EXPECT_EQ(shown.at("sparkline").at(23).integer() + shown.at("sparkline").at(22).integer(), 1);
    EXPECT_EQ(shown.at("first_version").text(), "1.0.0");

    const auto detail = get("/api/coredumps/" + std::to_string(first.id)).json();
    EXPECT_EQ(detail.at("issue").at("id").integer(), shown.at("id").integer());
    EXPECT_EQ(detail.at("decoded_version").text(), "1.0.0");

    EXPECT_EQ(send("PATCH", path(1), R"({"state": "resolved", "fixed_in": ["1.1.0"]})").status,
              200);
    EXPECT_EQ(issue(1).at("fixed_in").at(0).text(), "1.1.0");
    crash("aaaa", "1.0.0");
    EXPECT_EQ(issue(1).at("state").text(), "resolved");
    EXPECT_EQ(count("&still_seen=true"), 1U);
    crash("aaaa", "1.1.0");
    EXPECT_EQ(issue(1).at("reason").text(), "regressed");
    EXPECT_EQ(issue(1).at("regressed_in").text(), "1.1.0");
    EXPECT_EQ(count("&regressed=true"), 1U);

    const auto history = get(path(1) + "/history").json().at("history");
    EXPECT_EQ(history.at(0).at("event").text(), "regressed");
    EXPECT_EQ(history.at(0).at("version").text(), "1.1.0");
    EXPECT_EQ(history.at(2).at("event").text(), "created");
    EXPECT_EQ(get(path(1) + "/versions").json().at("versions").at(1).at("version").text(), "1.1.0");
    EXPECT_EQ(get(path(1) + "/devices").json().at("devices").at(0).at("key").text(), device_.key);
    EXPECT_EQ(get(path(1) + "/coredumps").json().at("coredumps").size(), 3U);
    const auto days = get(path(1) + "/series").json().at("days");
    std::int64_t in_days = 0;  // midnight may come between them
    for (std::size_t i = 0; i < days.size(); ++i) in_days += days.at(i).at("occurrences").integer();
    EXPECT_EQ(in_days, 3);

    EXPECT_EQ(stack().client().del(device_.coredumps_path()).status, 204);
    EXPECT_EQ(issue(1).at("occurrences").integer(), 3);
    EXPECT_EQ(issue(1).at("kept").integer(), 0);
}

TEST_F(Issues, WhoSawAnotherRevisionChangesNothing) {
    crash("aaaa");
    const auto tag = get(path(1)).header("etag");
    EXPECT_EQ(tag, "\"1\"");
    const std::string mute = R"({"state": "muted", "until": {"occurrences": 5}})";
    EXPECT_EQ(send("PATCH", path(1), mute, tag).status, 200);
    EXPECT_TRUE(is_error(send("PATCH", path(1), R"({"state": "open"})", tag), 412,
                         "VALIDATION_FAILED", "The issue was changed meanwhile"));
    EXPECT_EQ(issue(1).at("mute").at("occurrences").integer(), 5);
    EXPECT_EQ(send("PATCH", path(1), R"({"state": "open"})", "\"2\"").status, 200);
    EXPECT_EQ(issue(1).at("reason").text(), "reopened");
    for (const auto* bad : {"\"x\"", "W/\"3\"", "\"\""}) {
        EXPECT_EQ(send("PATCH", path(1), R"({"state": "open"})", bad).status, 412) << bad;
    }
}

TEST_F(Issues, MergedAndSplitAgain) {
    crash("aaaa");
    crash("bbbb");
    crash("bbbb");
    const auto merge = send("POST", path(1) + "/merge", R"({"into": )" + id(2) + "}");
    EXPECT_EQ(merge.json().at("state").text(), "merged");
    EXPECT_EQ(std::to_string(merge.json().at("merged_into").integer()), id(2));
    EXPECT_EQ(issue(2).at("occurrences").integer(), 3);
    EXPECT_EQ(issue(2).at("devices").integer(), 1);
    EXPECT_EQ(count(""), 1U);
    EXPECT_EQ(count("&state=merged"), 1U);
    EXPECT_EQ(send("PATCH", path(1), R"({"state": "open"})").status, 409);

    const auto split = send("POST", path(2) + "/signatures/aaaa/split", "");
    ASSERT_EQ(split.status, 201) << split;
    EXPECT_EQ(split.json().at("occurrences").integer(), 1);
    EXPECT_EQ(issue(2).at("occurrences").integer(), 2);
    EXPECT_EQ(send("POST", path(2) + "/signatures/bbbb/split", "").status, 409);
    EXPECT_EQ(send("POST", path(2) + "/signatures/cccc/split", "").status, 404);
}

TEST_F(Issues, ManyAtOnce) {
    crash("aaaa");
    crash("bbbb");
    const auto both = id(1) + ", " + id(2);
    send("PATCH", path(2), R"({"state": "resolved"})");
    const auto answer = send("PATCH", "/api/issues",
                             R"({"ids": [999999, )" + both + R"(], "change": {"state": "muted"}})");
    EXPECT_EQ(answer.json().at("changed").integer(), 1);
    EXPECT_EQ(answer.json().at("refused").size(), 2U);
    EXPECT_EQ(issue(1).at("state").text(), "muted");
    EXPECT_EQ(issue(2).at("state").text(), "resolved");
}

TEST_F(Issues, Searched) {
    crash("aaaa");
    crash("bbbb", "1.1.0");
    EXPECT_EQ(count("&q=F_AAA"), 1U);
    EXPECT_EQ(count("&q=f_aaaa%20at"), 1U);
    const auto all = get("/api/issues?q=%25%25%25");
    EXPECT_EQ(all.status, 400);
    EXPECT_NE(all.body.find("three letters or digits in a row"), std::string::npos) << all.body;
    EXPECT_EQ(count("&function=f_bbbb"), 1U);
    EXPECT_EQ(count("&kind=Abort"), 2U);
    EXPECT_EQ(count("&version=1.1.0"), 1U);
    EXPECT_EQ(count("&min_devices=2"), 0U);
    EXPECT_EQ(count("&seen_after=2020-01-01T00:00:00%2B01:00"), 2U);
    EXPECT_EQ(count("&seen_after=2999-01-01T00:00:00Z"), 0U);
    for (const auto* sort : {"last_seen", "first_seen", "devices", "occurrences"}) {
        const auto page = list("&limit=1&sort=" + std::string(sort));
        EXPECT_EQ(page.at("issues").at(0).at("title").text(), "Abort in f_bbbb at main.c:1");
        const auto rest =
            list("&limit=1&sort=" + std::string(sort) + "&cursor=" + page.at("next").text());
        EXPECT_EQ(rest.at("issues").at(0).at("title").text(), "Abort in f_aaaa at main.c:1");
        EXPECT_TRUE(rest.at("next").is_null());
    }
    EXPECT_EQ(get("/api/coredumps?model=" + device_.model.code + "&version=1.1.0&status=PARSED")
                  .json()
                  .at("coredumps")
                  .size(),
              1U);
    EXPECT_EQ(get("/api/devices?q=" + device_.key.substr(0, 5)).json().at("devices").size(), 1U);
    const auto versions = get(device_.model.path() + "/versions").json().at("versions");
    EXPECT_EQ(versions.at(1).at("version").text(), "1.1.0");
    EXPECT_EQ(versions.at(1).at("new_issues").integer(), 1);
    EXPECT_TRUE(versions.at(1).at("running").is_null());
}

TEST_F(Issues, CommentsAndATicket) {
    crash("aaaa");
    EXPECT_EQ(send("POST", path(1) + "/comments", R"({"comment": "seen it <b>too</b>"})").status,
              201);
    EXPECT_EQ(send("PATCH", path(1), R"({"ticket_url": "https://t.example/1?a=b"})").status, 200);
    EXPECT_EQ(issue(1).at("ticket_url").text(), "https://t.example/1?a=b");
    const auto history = get(path(1) + "/history?limit=1").json();
    EXPECT_EQ(history.at("history").at(0).at("event").text(), "ticket_linked");
    const auto next = history.at("next").text();
    EXPECT_EQ(get(path(1) + "/history?limit=1&cursor=" + next)
                  .json()
                  .at("history")
                  .at(0)
                  .at("comment")
                  .text(),
              "seen it <b>too</b>");
}

TEST_F(Issues, WhatIsNoRequest) {
    crash("aaaa");
    for (const auto* query :
         {"cursor=00", "cursor=zz", "q=ab", "q=%ff%ff%ff", "q=a%00b", "sort=id", "state=x",
          "limit=0", "limit=1001", "limit=x", "min_devices=-1", "min_devices=1e3", "regressed=1",
          "seen_after=now", "seen_after=2026-02-30T00:00:00Z", "version=..", "version="}) {
        EXPECT_EQ(get(std::string("/api/issues?") + query).status, 400) << query;
    }
    EXPECT_EQ(get("/api/issues?model=no_such_model").status, 404);
    for (const auto* query : {"status=x", "device=x", "from=x", "cursor=00"}) {
        EXPECT_EQ(get(std::string("/api/coredumps?") + query).status, 400) << query;
    }
    for (const auto* reference :
         {"0", "-1", "x", "x-0", "x-1", "99999999999999999999", "%c3%a9-1", "thermostat--1"}) {
        EXPECT_EQ(get(std::string("/api/issues/") + reference).status, 404) << reference;
    }
    EXPECT_EQ(get("/api/coredumps/reparse").status, 405);
    EXPECT_EQ(get("/api/coredumps/x").status, 404);
    for (const auto* body :
         {"", "[]", "{}", R"({"state": "merged"})", R"({"state": "open", "ticket_url": null})",
          R"({"ticket_url": "javascript:x"})
            ", R"({
                "ticket_url" : "https://a b"
            }) ",
               R"({"state": "resolved", "fixed_in": "1.0.0"})",
          R"({"state": "resolved", "fixed_in": ["../x"]})",
          R"({"state": "resolved", "fixed_in": ["no such version"]})",
          R"({"state": "resolved", "fixed_in": ["1.0.0"], "fixed_in_next": true})",
          R"({"state": "resolved", "fixed_in_next": 1})", R"({"state": "muted", "until": {}})",
          R"({"state": "muted", "until": 1})", R"({"state": "muted", "until": {"devices": 0}})",
          R"({"state": "muted", "until": {"devices": 1, "occurrences": 1}})",
          R"({"state": "muted", "until": {"time": "soon"}})",
          R"({"state": "muted", "until": {"time": "2026-01-01T00:00:00Z"}})"}) {
        EXPECT_EQ(send("PATCH", path(1), body).status, 400) << body;
    }
    std::string ids = "1";
    for (int i = 0; i < 10'000; ++i) ids += ",1";
    for (const auto& list : {std::string("1,\"x\""), std::string(), ids}) {
        EXPECT_EQ(send("PATCH", "/api/issues",
                       R"({"ids": [)" + list + R"(], "change": {"state": "open"}})")
                      .status,
                  400);
    }
    EXPECT_EQ(send("POST", path(1) + "/merge", R"({"into": )" + id(1) + "}").status, 400);
    EXPECT_EQ(send("POST", path(1) + "/merge", R"({"into": 999999})").status, 400);
    EXPECT_EQ(send("POST", path(1) + "/signatures/%ff/split", "{}").status, 404);
    EXPECT_EQ(send("POST", path(1) + "/comments", R"({"comment": "\u0000"})").status, 400);
    EXPECT_EQ(send("POST", path(1) + "/comments", R"({"comment": ""})").status, 400);
    std::string longest;
    for (int i = 0; i < 10'000; ++i) longest += "\u00e9";  // characters, which take two bytes
    EXPECT_EQ(send("POST", path(1) + "/comments", R"({"comment": ")" + longest + "\"}").status,
              201);
    EXPECT_EQ(send("POST", path(1) + "/comments", R"({"comment": "a)" + longest + "\"}").status,
              400);
    EXPECT_EQ(issue(1).at("revision").integer(), 1);
}

}  // namespace
