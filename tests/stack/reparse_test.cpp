// Core dumps that are parsed again, and what an admin sees of the queue.

#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "support/fake_sidecar.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/folder_watch.hpp"
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

class Reparse : public testing::Test {
  protected:
    void SetUp() override {
        device_ = make_device();
        bring_bundle("1.0.0");
    }
    void TearDown() override { sidecar().answer_with(nullptr); }

    const FleetDevice& device() const { return device_; }
    void bring_bundle(const std::string& version) const {
        upload_firmware(device_.model, zip(bundle_entries(device_.model.code, version, "an ELF")));
    }
    FleetCoredump crash(const std::string& version = "1.0.0") const {
        return upload(device_, "a core dump", "esp32c3", version);
    }
    JsonValue detail(const FleetCoredump& coredump) const {
        return stack().client().get(device_.coredump_path(coredump.id)).json();
    }
    std::string status(const FleetCoredump& coredump) const {
        return detail(coredump).at("parse_status").text();
    }
    void await(const FleetCoredump& coredump, const std::string& expected) const {
        EXPECT_TRUE(eventually([&] { return status(coredump) == expected; })) << status(coredump);
    }
    /// Whether doing that starts the runner, where systemd watches for it. The runner may take the
    /// file away before we could look, so this watches, too.
    static bool calls_runner(const std::function<HttpResponse()>& request) {
        std::filesystem::remove(stack().coredumps_dir() / ".parse-wanted");
        const FolderWatch watch(stack().coredumps_dir());
        EXPECT_EQ(request().status, 200);
        return watch.seen().contains(".parse-wanted");
    }
    static HttpResponse reparse_all(const std::string& body) {
        return stack().client().post("/api/coredumps/reparse", body);
    }
    HttpResponse reparse(const FleetCoredump& coredump) const {
        return stack().client().post(device_.coredump_path(coredump.id) + "/reparse", "");
    }

  private:
    FleetDevice device_{};
};

TEST_F(Reparse, OneIsParsedAnew) {
    const auto coredump = crash();
    await(coredump, "PARSED");
    EXPECT_EQ(detail(coredump).at("attempts").integer(), 1);
    EXPECT_TRUE(detail(coredump).at("next_attempt_at").is_null());
    EXPECT_TRUE(detail(coredump).at("lease").is_null());
    sidecar().answer_with([](const auto&) { return SidecarReply::rejection("changed its mind"); });
    const auto answer = reparse(coredump);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.json().at("parse_status").text(), "PENDING");
    EXPECT_EQ(answer.json().at("attempts").integer(), 0);
    EXPECT_FALSE(answer.json().at("next_attempt_at").is_null());
    EXPECT_TRUE(answer.json().at("parsed_at").is_null());
    EXPECT_TRUE(answer.json().at("parsed_output").is_null());
    await(coredump, "ERROR");
    EXPECT_EQ(detail(coredump).at("last_error").text(),
              "Unable to parse coredump: changed its mind");
}

TEST_F(Reparse, TheQueueCanBeSeen) {
    sidecar().answer_with([](const auto&) { return SidecarReply::silence(); });
    const auto coredump = crash();
    EXPECT_TRUE(eventually([&] { return !detail(coredump).at("lease").is_null(); }));
    const auto seen = detail(coredump);
    EXPECT_EQ(seen.at("parse_status").text(), "PENDING");
    EXPECT_EQ(seen.at("attempts").integer(), 1);
    EXPECT_EQ(seen.at("next_attempt_at").text(), seen.at("lease").at("ends_at").text());
    const auto runner = stack().pid_of("parse_runner");
    ASSERT_TRUE(runner);
    EXPECT_TRUE(seen.at("lease").at("holder").text().ends_with(':' + std::to_string(*runner)));
    // The claim that is under way loses its lease, and what it would have brought is not awaited.
    sidecar().answer_with(nullptr);
    EXPECT_EQ(reparse(coredump).status, 200);
    EXPECT_TRUE(detail(coredump).at("attempts").integer() <= 1);
    await(coredump, "PARSED");
}

TEST_F(Reparse, NotWhatIsNotTheDevices) {
    const auto coredump = crash();
    const auto other = make_device(device().model);
    EXPECT_TRUE(is_error(stack().client().post(other.coredump_path(coredump.id) + "/reparse", ""),
                         404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(stack().client().post("/api/devices/999999/coredumps/1/reparse", ""), 404,
                         "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(stack().client().post(device().coredump_path(999'999) + "/reparse", ""),
                         404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(stack().client().get(device().coredump_path(1) + "/reparse"), 405,
                         "METHOD_NOT_ALLOWED"));
}

TEST_F(Reparse, ManyByStatusModelAndVersion) {
    bring_bundle("2.0.0");
    const auto first = crash("1.0.0");
    const auto second = crash("2.0.0");
    const auto failed = crash("9.9.9");
    await(first, "PARSED");
    await(second, "PARSED");
    await(failed, "ERROR");
    sidecar().answer_with([](const auto&) { return SidecarReply::silence(); });
    const auto code = device().model.code;
    const auto count = [&](const std::string& body) {
        return reparse_all(body).json().at("count").integer();
    };
    EXPECT_EQ(count(R"({"model": ")" + code + R"(", "version": "3.0.0"})"), 0);
    EXPECT_EQ(count(R"({"model": ")" + code + R"(", "version": "2.0.0", "status": "ERROR"})"), 0);
    EXPECT_EQ(count(R"({"model": ")" + code + R"(", "version": "2.0.0"})"), 1);
    EXPECT_EQ(status(second), "PENDING");
    EXPECT_EQ(status(first), "PARSED");
    EXPECT_EQ(count(R"({"model": ")" + code + R"(", "status": "PARSED", "version": null})"), 1);
    EXPECT_EQ(status(first), "PENDING");
    sidecar().answer_with(nullptr);
    EXPECT_GE(count(R"({"model": ")" + code + R"("})"), 2);
    await(first, "PARSED");
    await(second, "PARSED");
    await(failed, "ERROR");
}

TEST_F(Reparse, ManyNeedAFilterThatMeansSomething) {
    for (const auto* body : {"", "{}", "[]", R"({"status": null})", R"({"status": "DONE"})",
                             R"({"status": 1})", R"({"version": "a/b"})", R"({"all": true})"}) {
        EXPECT_TRUE(is_error(reparse_all(body), 400, "VALIDATION_FAILED")) << body;
    }
    EXPECT_TRUE(is_error(reparse_all(R"({"model": "no_such"})"), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(
        is_error(stack().client().get("/api/coredumps/reparse"), 405, "METHOD_NOT_ALLOWED"));
}

TEST_F(Reparse, TheRunnerIsCalledForWhatIsInTheQueueAgain) {
    const auto coredump = crash();
    await(coredump, "PARSED");
    const auto all_of = [&](const std::string& version) {
        return reparse_all(R"({"model": ")" + device().model.code + R"(", "version": ")" + version +
                           R"("})");
    };
    EXPECT_TRUE(calls_runner([&] { return reparse(coredump); }));
    EXPECT_TRUE(calls_runner([&] { return all_of("1.0.0"); }));
    EXPECT_FALSE(calls_runner([&] { return all_of("2.0.0"); })) << "there is none";
}

TEST_F(Reparse, FirmwareThatArrivesBringsItAbout) {
    const auto early = crash("2.0.0");
    const auto other = crash("3.0.0");
    await(early, "ERROR");
    await(other, "ERROR");
    EXPECT_TRUE(detail(early).at("parsed_output").text().find("firmware ZIP not found") !=
                std::string::npos);
    bring_bundle("2.0.0");
    await(early, "PARSED");
    EXPECT_EQ(detail(early).at("attempts").integer(), 1);
    EXPECT_EQ(status(other), "ERROR");
}

TEST_F(Reparse, AnOutageOfTheSidecarCostsNoDumpItsAttempts) {
    // As nginx says it when nobody is behind it.
    sidecar().answer_with([](const auto&) { return SidecarReply::with_status(502); });
    auto settings = Settings{{"PARSE_SIDECAR_URL", sidecar().url()}};
    restart_stack(settings);
    std::vector<FleetCoredump> coredumps(12);
    for (auto& coredump : coredumps) coredump = crash();
    // Two find it away, and after five seconds others do.
    EXPECT_TRUE(eventually([] {
        return stack().sql_value("SELECT coalesce(max(failures), 0) FROM sidecar_outages") == "2";
    }));
    EXPECT_LE(std::stoi(stack().sql_value("SELECT sum(attempts) FROM coredumps WHERE device_id = " +
                                          std::to_string(device().id))),
              5);
    EXPECT_EQ(stack().sql_value("SELECT max(attempts) FROM coredumps WHERE device_id = " +
                                std::to_string(device().id)),
              "1");
    sidecar().answer_with(nullptr);
    stack().sql("UPDATE sidecar_outages SET ask_next_at = now()");
    for (const auto& coredump : coredumps) await(coredump, "PARSED");
    EXPECT_EQ(stack().sql_value("SELECT count(*) FROM sidecar_outages"), "0");
}

}  // namespace
