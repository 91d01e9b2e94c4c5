// coredepot-decode as its user runs it.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "json.hpp"
#include "support/command.hpp"

namespace coredepot {
namespace {

const std::string kTool = COREDEPOT_BUILD_DIR "/handlers/coredepot-decode";
const std::string kCrash = COREDEPOT_SOURCE_DIR "/tests/data/crash/";
const std::string kElf = kCrash + "thermostat.elf";

test::CommandResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kTool);
    return test::run_command(arguments);
}

bool contains(const test::CommandResult& result, const std::string& text) {
    return result.output.find(text) != std::string::npos;
}

TEST(DecodeTool, PrintsText) {
    for (const auto* dump : {"coredump.bin", "coredump.b64"}) {
        const auto result = run({"--chip", "esp32c3", kCrash + dump, kElf});
        EXPECT_EQ(result.status, 0);
        EXPECT_TRUE(contains(result, "Crashed task handle: 0x800035c0, name: 'main'"));
        EXPECT_TRUE(contains(result, "ESP32 CORE DUMP END")) << result.output;
    }
}

TEST(DecodeTool, PrintsJson) {
    const auto result = run({"--json", kCrash + "coredump_abort.bin", kElf});
    EXPECT_EQ(result.status, 0);
    const auto report = json::Object::parse(result.output);
    ASSERT_TRUE(report.has_value()) << result.output;
    EXPECT_EQ(report->string("panic_reason"), "abort() was called at PC 0x80000beb on core 0");
}

TEST(DecodeTool, PassesOverFunctionsForTheSignature) {
    const auto signature = [](const std::vector<std::string>& options) {
        std::vector<std::string> arguments = {"--json", kCrash + "coredump.bin", kElf};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return json::Object::parse(run(arguments).output).value().string("signature").value();
    };
    const auto all = signature({});
    EXPECT_NE(signature({"--skip-function", "relay_set_duty"}), all);
    EXPECT_EQ(signature({"--skip-prefix=relay_"}), signature({"--skip-function=relay_set_duty"}));
    EXPECT_EQ(signature({"--skip-function=relay"}), all) << "the name of another function";
    EXPECT_EQ(run({"--skip-prefix=", kCrash + "coredump.bin", kElf}).status, 2);
}

TEST(DecodeTool, ReadsStandardInput) {
    const auto result = test::run_command(
        {"/bin/sh", "-c", "'" + kTool + "' - '" + kElf + "' < '" + kCrash + "coredump.b64'"});
    EXPECT_EQ(result.status, 0);
    EXPECT_TRUE(contains(result, "app_main")) << result.output;
}

TEST(DecodeTool, SaysWhyADumpCannotBeDecoded) {
    const auto no_dump = run({kCrash + "thermostat.map", kElf});
    EXPECT_EQ(no_dump.status, 1);
    EXPECT_TRUE(contains(no_dump, "coredepot-decode: this is not a core dump")) << no_dump.output;
    const auto other_chip = run({"--chip=esp32c6", kCrash + "coredump.bin", kElf});
    EXPECT_EQ(other_chip.status, 1);
    EXPECT_TRUE(contains(other_chip, "the core dump is of another chip")) << other_chip.output;
}

TEST(DecodeTool, SaysWhatIsWrongWithItsArguments) {
    const auto expect_usage = [](const std::vector<std::string>& arguments,
                                 const std::string& message) {
        const auto result = run(arguments);
        EXPECT_EQ(result.status, 2) << message;
        EXPECT_TRUE(contains(result, "coredepot-decode: " + message)) << result.output;
    };
    const std::string dump = kCrash + "coredump.bin";
    expect_usage({}, "a core dump and an ELF are needed");
    expect_usage({dump}, "a core dump and an ELF are needed");
    expect_usage({"--jason", dump, kElf}, "unknown option --jason");
    expect_usage({dump, kElf, "--chip"}, "--chip needs the name of a chip");
    expect_usage({"--chip", "esp8266", dump, kElf}, "unknown chip esp8266");
    expect_usage({dump, "/nonexistent.elf"}, "cannot read /nonexistent.elf");
    expect_usage({"/nonexistent.bin", kElf}, "cannot read /nonexistent.bin");
    expect_usage({kCrash, kElf}, "cannot read " + kCrash);
}

TEST(DecodeTool, SaysWhenItsOutputIsNotWritten) {
    const auto result = test::run_command(
        {"/bin/sh", "-c",
         "'" + kTool + "' '" + kCrash + "coredump.bin' '" + kElf + "' 2>&1 > /dev/full"});
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.output, "coredepot-decode: cannot write standard output\n");
}

TEST(DecodeTool, HelpIsNoError) {
    const auto help = run({"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_TRUE(help.output.starts_with("usage: coredepot-decode")) << help.output;
    EXPECT_EQ(run({"--version"}).output, "coredepot-decode " COREDEPOT_VERSION "\n");
}

}  // namespace
}  // namespace coredepot
