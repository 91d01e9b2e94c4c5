// GET /describe-coredump and /parse-coredump: the sidecar that ships with Coredepot, asked as the
// runner asks it.

#include <gtest/gtest.h>

#include "backtrace.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

class Sidecar : public testing::Test {
  protected:
    static HttpResponse get(const std::string& target) {
        const auto port = std::to_string(stack().sidecar_port());
        return HttpClient("http://127.0.0.1:" + port).get(target);
    }
    static HttpResponse ask(const std::string& query) { return get("/parse-coredump" + query); }
    static HttpResponse describe(const std::string& query) {
        return get("/describe-coredump" + query);
    }
    void SetUp() override {
        write_file(stack().xfer_dir() / "core.bin", thermostat_file("coredump.bin"));
        write_file(stack().xfer_dir() / "app.elf", thermostat_file("thermostat.elf"));
        write_file(stack().state() / "x", "outside");
    }
    void TearDown() override {
        fs::remove(stack().xfer_dir() / "core.bin");
        fs::remove(stack().xfer_dir() / "app.elf");
        fs::remove(stack().state() / "x");
        for (const auto* name : {"folder", "link", "x.rules"})
            fs::remove(stack().xfer_dir() / name);
    }
};

TEST_F(Sidecar, AnswersWithTextAndMembersForMachines) {
    const auto response = ask("?core=core.bin&elf=app.elf&chip=esp32c3");
    ASSERT_EQ(response.status, 200) << response;
    const auto answer = response.json();
    EXPECT_EQ(threads(answer.at("output").text()), thermostat_file("expected_backtrace"));
    for (const auto* member :
         {"crashed_task", "panic_reason", "exception", "elf_sha256", "backtrace", "threads"}) {
        EXPECT_TRUE(answer.has(member)) << member;
    }
    const auto frame = answer.at("backtrace").at(0);
    EXPECT_EQ(frame.at("function").text(), "relay_set_duty");
    EXPECT_EQ(frame.at("file").text(), "/thermostat/main/heater.c");
    EXPECT_EQ(frame.at("line").integer(), 39);
    EXPECT_TRUE(frame.at("inlined").truth());
    EXPECT_FALSE(frame.at("guessed").truth());
    EXPECT_GT(frame.at("pc").integer(), 0);
}

TEST_F(Sidecar, DescribesACoreDumpWithoutItsElf) {
    fs::remove(stack().xfer_dir() / "app.elf");
    const auto response = describe("?core=core.bin");
    ASSERT_EQ(response.status, 200) << response;
    const auto answer = response.json();
    EXPECT_EQ(answer.at("chip").text(), "esp32c3");
    const auto elf = coredepot::sha256_hex(thermostat_file("thermostat.elf"));
    EXPECT_EQ(answer.at("elf_sha256_prefix").text(), elf.substr(0, 9));
}

// The verdict is for the other question to give.
TEST_F(Sidecar, WhatCannotBeReadTellsNothing) {
    write_file(stack().xfer_dir() / "core.bin", "no core dump");
    for (int i = 0; i < 2; ++i) {
        const auto response = describe("?core=core.bin");
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_TRUE(response.json().at("chip").is_null());
        EXPECT_TRUE(response.json().at("elf_sha256_prefix").is_null());
        fs::resize_file(stack().xfer_dir() / "core.bin", 8'388'609);
    }
}

TEST_F(Sidecar, TakesBareFileNamesOnly) {
    const std::string too_long(256, 'x');
    fs::create_directory(stack().xfer_dir() / "folder");
    fs::create_symlink(stack().state() / "x", stack().xfer_dir() / "link");
    for (const auto& name : std::vector<std::string>{
             "folder", "link", too_long, "../x", "..%2fx", "%2fetc%2fpasswd", "/etc/passwd", ".",
             "..", "", "core.bin%00", "./core.bin", ".core.bin", "a/../core.bin"}) {
        EXPECT_TRUE(
            is_error(ask("?core=" + name + "&elf=app.elf&chip=esp32c3"), 400, "VALIDATION_FAILED"))
            << name;
        EXPECT_TRUE(is_error(describe("?core=" + name), 400, "VALIDATION_FAILED")) << name;
        EXPECT_TRUE(
            is_error(ask("?core=core.bin&elf=" + name + "&chip=esp32c3"), 400, "VALIDATION_FAILED"))
            << name;
    }
    for (const auto* query : {"", "?core=core.bin", "?core=core.bin&elf=app.elf",
                              "?core=core.bin&elf=app.elf&chip=", "?elf=app.elf&chip=esp32c3",
                              "?core=core.bin&elf=app.elf&chip=../x"}) {
        EXPECT_TRUE(is_error(ask(query), 400, "VALIDATION_FAILED")) << query;
    }
}

TEST_F(Sidecar, PassesOverTheFunctionsThatTheModelNames) {
    const std::string query = "?core=core.bin&elf=app.elf&chip=esp32c3";
    const auto before = ask(query).json();
    EXPECT_EQ(before.at("crash").at("functions").at(0).text(), "relay_set_duty (heater.c)");
    write_file(stack().xfer_dir() / "x.rules",
               R"({"skip": ["heater_drive"], "prefixes": ["relay_"]})");
    const auto response = ask(query + "&rules=x.rules");
    ASSERT_EQ(response.status, 200) << response;
    const auto after = response.json();
    EXPECT_NE(after.at("signature").text(), before.at("signature").text());
    EXPECT_EQ(after.at("crash").at("functions").at(0).text().find("relay_"), std::string::npos);
    EXPECT_EQ(after.at("crash").at("skipped").at(0).at("rule").text(), "rule of the model");
}

TEST_F(Sidecar, RefusesRulesThatAreNone) {
    const std::string query = "?core=core.bin&elf=app.elf&chip=esp32c3&rules=";
    const std::string long_name(201, 'f');
    for (const auto& rules : {std::string(), std::string("[]"), std::string(R"({"skip": []})"),
                              R"({"skip": ["" ], "prefixes": []})" + std::string(),
                              R"({"skip": [")" + long_name + R"("], "prefixes": []})",
                              R"({"skip": [], "prefixes": []})" + std::string(400'000, ' ')}) {
        write_file(stack().xfer_dir() / "x.rules", rules);
        EXPECT_TRUE(is_error(ask(query + "x.rules"), 400, "VALIDATION_FAILED"))
            << rules.substr(0, 80);
    }
    EXPECT_TRUE(is_error(ask(query + "../x"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(ask(query), 400, "VALIDATION_FAILED"));
    EXPECT_EQ(ask(query + "nothing").status, 404);
}

TEST_F(Sidecar, FilesThatAreMissingAreNoVerdict) {
    // 422 would be one, and end in ERROR what another attempt may decode.
    for (const auto* query :
         {"?core=nothing&elf=app.elf&chip=esp32c3", "?core=core.bin&elf=nothing&chip=esp32c3"}) {
        const auto status = ask(query).status;
        EXPECT_TRUE(status >= 400 && status != 422) << query << ' ' << status;
    }
    EXPECT_EQ(describe("?core=nothing").status, 404);
}

TEST_F(Sidecar, WhatCannotBeDecodedIs422WithAReason) {
    write_file(stack().xfer_dir() / "core.bin", "no core dump");
    const auto response = ask("?core=core.bin&elf=app.elf&chip=esp32c3");
    EXPECT_EQ(response.status, 422) << response;
    EXPECT_FALSE(response.json().at("error").text().empty());
}

TEST_F(Sidecar, WhatIsFarTooLargeIsNoCoreDump) {
    fs::resize_file(stack().xfer_dir() / "core.bin", 8'388'609);
    EXPECT_EQ(ask("?core=core.bin&elf=app.elf&chip=esp32c3").status, 422);
}

TEST_F(Sidecar, HasNothingElse) {
    HttpClient client("http://127.0.0.1:" + std::to_string(stack().sidecar_port()));
    for (const auto* path : {"/", "/health", "/api/devices", "/parse-coredump/",
                             "/describe-coredump/", "/_internal/error"}) {
        EXPECT_TRUE(is_error(client.get(path), 404, "RECORD_NOT_FOUND")) << path;
    }
    EXPECT_EQ(client.post("/parse-coredump", "x").status, 405);
    EXPECT_EQ(client.post("/describe-coredump", "x").status, 405);
}

}  // namespace
