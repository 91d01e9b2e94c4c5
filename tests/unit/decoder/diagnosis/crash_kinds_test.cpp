// The decoder on every kind of fault of our own firmware (tests/data/crash), against what gdb says
// of its stacks and what the firmware did.

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/backtrace_text.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

struct FaultKind {
    std::string name;       ///< of the files: `_abort`; empty: the store to a null pointer
    std::string task;       ///< that crashed
    std::string exception;  ///< `Illegal instruction 0x2`: name and address; empty: not known
    std::string title;      ///< as far as it says no line
    std::string panic_reason;
    std::vector<std::string> notes;
};

std::ostream& operator<<(std::ostream& out, const FaultKind& kind) {
    return out << (kind.name.empty() ? "store" : kind.name);
}

const std::vector<FaultKind> kFaultKinds = {
    {"",
     "main",
     "Store/AMO access fault 5",
     "Store to invalid address at 0x5 in relay_set_duty (heater.c:",
     "",
     {"Store/AMO access fault: a store to an address that cannot be written; 0x00000005 is in the "
      "null page: a null pointer and an offset of 5."}},
    {"_illegal",
     "main",
     "Illegal instruction 0",
     "Illegal instruction in fault_raise (fault.c:",
     "",
     {"Illegal instruction: the CPU does not know the instruction in mtval: a jump to what is no "
      "code, damaged code, or a trap of the compiler."}},
    {"_abort",
     "main",
     "Illegal instruction 0",
     "Abort in fault_raise (fault.c:",
     "abort() was called at PC 0x80000beb on core 0",
     {}},
    {"_assert",
     "main",
     "Illegal instruction 0",
     "Assertion failed: relay != NULL in fault_raise (fault.c:",
     "assert failed: fault_raise fault.c:28 (relay != NULL)",
     {}},
    {"_overflow",
     "sensor",
     "",
     "Stack overflow in task sensor",
     "***ERROR*** A stack overflow in task sensor has been detected.",
     {"The stack of task 'sensor' made no sense to the device, which wrote a made-up one: its "
      "registers mean nothing.",
      "The stack of task 'sensor' overflowed: FreeRTOS found its end overwritten when it switched "
      "tasks."}},
    {"_watchdog",
     "main",
     "",
     "Task watchdog: IDLE in mains_wait_for_crossing (mains.c:",
     "Task watchdog got triggered. The following tasks/users did not reset the watchdog in time:\n"
     " - IDLE (CPU 0)",
     {"The task watchdog fired while task 'main' (priority 1, core 0) was running; it starved "
      "'IDLE'."}},
    {"_interrupt",
     "main",
     "Load access fault 4",
     "Load from invalid address at 0x4 in mains_crossing_isr (mains.c:",
     "",
     {"Load access fault: a load from an address that cannot be read; 0x00000004 is in the null "
      "page: a null pointer and an offset of 4.",
      "The crash was in an interrupt, which came while task 'main' was running."}},
};

class CrashKinds : public testing::TestWithParam<FaultKind> {
  protected:
    static std::string file(const std::string& start, const std::string& end = "") {
        return test::crash_dir() / (start + GetParam().name + end);
    }
    static Report decoded(const std::string& end) {
        return decode(test::read_bytes(file("coredump", end)), test::crash_dir() / "thermostat.elf",
                      "esp32c3");
    }
    static Report rebuilt() {
        return decode(test::read_bytes(file("rebuilt/coredump", ".bin")),
                      test::crash_dir() / "rebuilt/thermostat.elf", "esp32c3");
    }
};

TEST_P(CrashKinds, EveryFrameOfEveryTask) {
    const auto expected = test::read_text(file("expected_backtrace"));
    EXPECT_EQ(test::backtraces(decoded(".bin")), expected);
    EXPECT_EQ(test::backtraces(decoded(".b64")), expected);
}

TEST_P(CrashKinds, WhatHappened) {
    const FaultKind& kind = GetParam();
    const Report report = decoded(".bin");
    const Task& task = report.tasks.at(0);
    EXPECT_EQ(task.name, kind.task);
    EXPECT_TRUE(task.crashed);
    EXPECT_EQ(report.in_interrupt, kind.name == "_interrupt");
    EXPECT_EQ(report.panic_reason, kind.panic_reason);
    EXPECT_EQ(report.findings, kind.notes);
    EXPECT_TRUE(report.crash.title.starts_with(kind.title)) << report.crash.title;
    const auto& exception = report.exception;
    EXPECT_EQ(exception ? exception->name + ' ' + std::to_string(exception->address) : "",
              kind.exception);
}

/// Two bugs do not have one signature, however near they are to each other.
TEST_P(CrashKinds, SignatureIsItsOwn) {
    const std::string signature = decoded(".bin").crash.signature;
    for (const FaultKind& other : kFaultKinds) {
        if (other.name != GetParam().name) {
            const auto dump =
                test::read_bytes(test::crash_dir() / ("coredump" + other.name + ".bin"));
            EXPECT_NE(decode(dump, test::crash_dir() / "thermostat.elf", "").crash.signature,
                      signature)
                << other;
        }
    }
}

/// One bug has one signature, in builds with other lines, other addresses and other inlined calls:
/// -O2, -Os, and -Os -flto.
TEST_P(CrashKinds, SignatureSurvivesARebuild) {
    const Report before = decoded(".bin");
    for (const std::string build : {"rebuilt/", "size/", "lto/"}) {
        if (build == "lto/" && GetParam().name == "_overflow") continue;  // see README.md there
        const Report after = decode(test::read_bytes(file(build + "coredump", ".bin")),
                                    test::crash_dir() / (build + "thermostat.elf"), "esp32c3");
        EXPECT_EQ(after.crash.signature, before.crash.signature) << build;
        EXPECT_EQ(after.crash.previous_signature.size(), 16U);
        EXPECT_NE(after.elf_sha256, before.elf_sha256);
    }
}

/// Of code that is well optimized: statements moved about, inlined functions and tail calls.
TEST_P(CrashKinds, EveryFrameOfARebuild) {
    EXPECT_EQ(test::backtraces(rebuilt()), test::read_text(file("rebuilt/expected_backtrace")));
}

INSTANTIATE_TEST_SUITE_P(Thermostat, CrashKinds, testing::ValuesIn(kFaultKinds),
                         [](const auto& info) {
                             return info.param.name.empty() ? "store" : info.param.name.substr(1);
                         });

TEST(CrashInInterrupt, ShowsWhatTheTaskDid) {
    const auto dump = test::read_bytes(test::crash_dir() / "coredump_interrupt.bin");
    const Report report = decode(dump, test::crash_dir() / "thermostat.elf", "esp32c3");
    const Task& task = report.tasks.at(0);
    EXPECT_EQ(task.unwind_end, "") << "nothing calls the entry of interrupts";
    EXPECT_EQ(task.interrupted_end, "");
    std::string functions;
    for (const Frame& frame : task.interrupted_frames) {
        functions += frame.function + ' ';
    }
    EXPECT_EQ(functions,
              "mains_wait_for_crossing fault_raise heater_drive regulate_zone regulate_zones "
              "app_main main_task vPortTaskWrapper ");
}

TEST(CrashByOverflow, TheMadeUpStackHasNoFrames) {
    const auto dump = test::read_bytes(test::crash_dir() / "coredump_overflow.bin");
    const Report report = decode(dump, test::crash_dir() / "thermostat.elf", "esp32c3");
    const Task& task = report.tasks.at(0);
    EXPECT_EQ(task.unwind_end, "the stack of this task was corrupt when the device wrote the dump");
    EXPECT_EQ(task.stack_used, 224U) << "which the TCB still tells";
}

}  // namespace
}  // namespace coredepot::decoder
