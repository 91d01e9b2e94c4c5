// What coredepot-decode prints and writes besides the report of one core dump.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot {
namespace {

const std::string kTool = COREDEPOT_BUILD_DIR "/handlers/coredepot-decode";
const std::string kCrash = COREDEPOT_SOURCE_DIR "/tests/data/crash/";
const std::string kElf = kCrash + "thermostat.elf";
const std::string kDump = kCrash + "coredump.bin";
const std::string kAbort = kCrash + "coredump_abort.bin";

test::CommandResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kTool);
    return test::run_command(arguments);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// What `command` prints on a terminal.
std::string on_terminal(const std::vector<std::string>& command, const std::string& no_color) {
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        setenv("TERM", "xterm", 1);
        setenv("NO_COLOR", no_color.c_str(), 1);
        std::vector<char*> arguments;
        for (const auto& argument : command) {
            arguments.push_back(const_cast<char*>(argument.c_str()));  // execv(3) leaves it alone
        }
        arguments.push_back(nullptr);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    std::string output;
    char buffer[4096];
    // A terminal that nobody has open any more gives EIO.
    for (ssize_t got = 0; (got = read(terminal, buffer, sizeof buffer)) > 0;) {
        output.append(buffer, static_cast<std::size_t>(got));
    }
    close(terminal);
    waitpid(child, nullptr, 0);
    return output;
}

TEST(DecodeToolOutput, HasColoursOnATerminalOnly) {
    const std::string escape = "\x1B[";
    const auto coloured = on_terminal({kTool, kDump, kElf}, "");
    EXPECT_TRUE(contains(coloured, "Crash: " + escape + "1;31m")) << coloured;
    EXPECT_TRUE(contains(coloured, escape + "36mapp_main" + escape + "0m")) << coloured;
    const auto plain = on_terminal({kTool, kDump, kElf}, "1");
    EXPECT_TRUE(contains(plain, "app_main")) << plain;
    EXPECT_FALSE(contains(plain, escape)) << plain;
    EXPECT_FALSE(contains(run({kDump, kElf}).output, escape));
}

TEST(DecodeToolOutput, SignatureAlone) {
    const auto report = json::Object::parse(run({"--json", kDump, kElf}).output);
    ASSERT_TRUE(report.has_value());
    const auto signature = report->string("signature");
    ASSERT_TRUE(signature.has_value());
    EXPECT_EQ(run({"--signature", kDump, kElf}).output, *signature + "\n");
    const auto several = lines_of(run({"--signature", kDump, kAbort, kElf}).output);
    ASSERT_EQ(several.size(), 2U);
    EXPECT_EQ(several[0], *signature + "  " + kDump);
    EXPECT_FALSE(contains(several[1], *signature));
    EXPECT_EQ(run({"--signature", "--json", kDump, kElf}).status, 2);
}

TEST(DecodeToolOutput, OfSeveralDumpsEachHasItsHeading) {
    const auto result = run({kDump, kAbort, kElf});
    EXPECT_EQ(result.status, 0);
    const auto first = result.output.find("==> " + kDump + " <==\n");
    const auto second = result.output.find("==> " + kAbort + " <==\n");
    ASSERT_NE(second, std::string::npos);
    EXPECT_EQ(first, 0U);
    EXPECT_FALSE(contains(result.output.substr(0, second), "abort() was called"));
    EXPECT_TRUE(contains(result.output.substr(second), "abort() was called"));
}

TEST(DecodeToolOutput, OfSeveralDumpsEachIsALineOfJson) {
    const auto lines = lines_of(run({"--json", kDump, kAbort, kElf}).output);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(json::Object::parse(lines[0])->string("dump"), kDump);
    EXPECT_EQ(json::Object::parse(lines[1])->string("dump"), kAbort);
    EXPECT_FALSE(json::Object::parse(run({"--json", kDump, kElf}).output)->string("dump"));
}

/// One that cannot be decoded keeps the others from nothing.
TEST(DecodeToolOutput, OfSeveralDumpsTheWorstIsTheExitStatus) {
    const auto no_dump = kCrash + "thermostat.map";
    const auto refused = run({kDump, no_dump, kAbort, kElf});
    EXPECT_EQ(refused.status, 1);
    EXPECT_TRUE(contains(refused.output, "coredepot-decode: " + no_dump + ": this is not a core"));
    EXPECT_TRUE(contains(refused.output, "abort() was called"));
    const auto missing = run({"/nonexistent", no_dump, kAbort, kElf});
    EXPECT_EQ(missing.status, 2);
    EXPECT_TRUE(contains(missing.output, "coredepot-decode: /nonexistent: cannot be read\n"));
    EXPECT_TRUE(contains(missing.output, "abort() was called"));
    const auto lines = lines_of(run({"--json", no_dump, kAbort, kElf}).output);
    std::size_t errors = 0;
    for (const auto& line : lines) {
        const auto object = json::Object::parse(line);
        errors += object && object->string("error") && object->string("dump") == no_dump ? 1 : 0;
    }
    EXPECT_EQ(errors, 1U);
}

TEST(DecodeToolOutput, Memory) {
    const auto text = run({"--memory", kDump, kElf}).output;
    EXPECT_TRUE(contains(text, "0x800035c0, 92 bytes, task control block of task 'main'\n"));
    EXPECT_TRUE(contains(text, "main....")) << "its name in the task control block";
    EXPECT_FALSE(contains(run({kDump, kElf}).output, "= MEMORY ="));
    const auto json = run({"--json", "--memory", kDump, kElf}).output;
    EXPECT_TRUE(contains(json, R"({"start":2147497408,"size":92,"region":null,)"
                               R"("of":"task control block of task 'main'","bytes":")"))
        << json.substr(json.size() - 2000);
}

class SavedCore : public testing::TestWithParam<std::string> {
  protected:
    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "core";
};

/// The part of a report that comes from registers and memory.
std::string threads_of(const std::string& output) {
    return output.substr(output.find("CURRENT THREAD STACK"));
}

TEST_P(SavedCore, HoldsWhatTheDumpHeld) {
    const auto dump = kCrash + GetParam();
    const auto before = run({"--save-core", file_, dump, kElf});
    ASSERT_EQ(before.status, 0) << before.output;
    const auto after = run({file_, kElf});
    ASSERT_EQ(after.status, 0) << after.output;
    EXPECT_EQ(threads_of(after.output), threads_of(before.output));
    EXPECT_EQ(run({"--signature", file_, kElf}).output, run({"--signature", dump, kElf}).output);
    const auto elf = test::run_command({"/usr/bin/readelf", "--wide", "-h", "-l", "-n", file_});
    EXPECT_EQ(elf.status, 0) << elf.output;
    EXPECT_TRUE(contains(elf.output, "CORE (Core file)")) << elf.output;
    EXPECT_TRUE(contains(elf.output, "NT_PRSTATUS")) << elf.output;
    EXPECT_FALSE(contains(elf.output, "Warning")) << elf.output;
}

INSTANTIATE_TEST_SUITE_P(Dumps, SavedCore,
                         testing::Values("coredump.bin", "coredump_abort.b64",
                                         "coredump_watchdog.bin", "coredump_interrupt.bin"),
                         [](const auto& info) {
                             return info.param.substr(0, info.param.find('.'));
                         });

/// The stack memory that RISC-V's panic handler prints is enough for gdb.
TEST(SavedCoreOfAPanicText, IsOpenedByGdb) {
    const std::string gdb = "/usr/bin/gdb-multiarch";
    if (!std::filesystem::exists(gdb)) GTEST_SKIP() << "NOT TESTED: there is no " << gdb;
    const test::TemporaryFolder folder;
    const std::string file = folder / "core";
    const std::string text = COREDEPOT_SOURCE_DIR "/tests/data/panic_text/thermostat.txt";
    ASSERT_EQ(run({"--chip", "esp32c3", "--save-core", file, text, kElf}).status, 0);
    const auto result = test::run_command(
        {gdb, "-batch", "-nx", "-iex", "set architecture riscv:rv32", "-ex", "bt", kElf, file});
    EXPECT_TRUE(contains(result.output, "heater_drive (heater=")) << result.output;
    EXPECT_TRUE(contains(result.output, "in app_main (")) << result.output;
    EXPECT_TRUE(contains(result.output, "in vPortTaskWrapper (")) << result.output;
}

TEST(DecodeToolOutput, SavesNoCoreWhereItCannot) {
    const auto nowhere = run({"--save-core", "/nonexistent/core", kDump, kElf});
    EXPECT_EQ(nowhere.status, 2);
    EXPECT_TRUE(contains(nowhere.output, "coredepot-decode: cannot write /nonexistent/core\n"));
    const test::TemporaryFolder folder;
    const std::string file = folder / "core";
    EXPECT_EQ(run({"--save-core", file, kCrash + "thermostat.map", kElf}).status, 1);
    EXPECT_EQ(run({"--save-core", file, kDump, kAbort, kElf}).status, 2);
    EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace coredepot
