// Panics in interrupts, resets without a panic, and panics that come one right behind the other.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using Names = std::vector<std::string>;

const std::string kInterrupt =
    "Guru Meditation Error: Core  1 panic'ed (Interrupt wdt timeout on CPU1). \n\n"
    "Core  1 register dump:\n"
    "PC      : 0x40080010  PS      : 0x00060e34  A0      : 0x80080110  A1      : 0x3ffbed60\n"
    "EXCVADDR: 0x00000000  EXCCAUSE: 0x00000006\n"
    "Core  1 was running in ISR context:\n"
    "EPC1    : 0x40080210  EPC2    : 0x00000000  EPC3    : 0x00000003  EPC4    : 0x4008ae6e\n\n\n";

/// ESP-IDF 4.3 and 4.4.
TEST(PanicText, ABlankMayBeMissingBetweenTheFirstFrames) {
    const auto panic = read_panic_text(
        "Backtrace:0x4008000d:0x3ffbed600x4008010d:0x3ffbed80 0x4008020d:0x3ffbeda0\n");
    ASSERT_TRUE(panic.has_value());
    const auto& frames = panic->cores.at(0).backtrace;
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].sp, 0x3FFBED60U);
    EXPECT_EQ(frames[1].pc, 0x4008010DU);
}

TEST(PanicText, SaysThatACoreWasInAnInterrupt) {
    const auto panic = read_panic_text(
        kInterrupt +
        "Backtrace: 0x4008000d:0x3ffbed60 0x4008010d:0x3ffbed80\n\n"
        "Core  0 register dump:\n"
        "PC      : 0x40080310  PS      : 0x00060034  A0      : 0x80089821  A1      : 0x3ffbe870\n"
        "Backtrace: 0x4008030d:0x3ffbe870\n");
    ASSERT_TRUE(panic.has_value());
    ASSERT_EQ(panic->cores.size(), 2U);
    EXPECT_TRUE(panic->cores[0].in_interrupt);
    EXPECT_FALSE(panic->cores[1].in_interrupt);
    EXPECT_EQ(panic->cores[0].registers.at("EPC1"), 0x40080210U);
}

/// Behind the interrupt's own stack the device goes on with that of the task.
class InterruptText : public testing::Test {
  protected:
    static constexpr std::uint32_t kCode = 0x40080000;

    Report decode_text(const std::string& text) {
        return decode(test::to_bytes(text), elf_.path(), "");
    }
    static Names functions(const std::vector<Frame>& frames) {
        Names names;
        std::ranges::transform(frames, std::back_inserter(names), &Frame::function);
        return names;
    }

    test::TemporaryFile elf_{test::application(kMachineXtensa, kCode, test::Bytes(0x400),
                                               {{"spin", kCode, 0x100, false},
                                                {"_xt_lowint1", kCode + 0x100, 0x100, false},
                                                {"work", kCode + 0x200, 0x100, false},
                                                {"main_task", kCode + 0x300, 0x100, false}})};
};

// It led to frames that are not there.
TEST_F(InterruptText, OfACorruptStackWithoutAFrameHasThoseOfTheRegisters) {
    const Report report = decode_text(kInterrupt + "Backtrace: |<-CORRUPTED\n");
    EXPECT_EQ(report.in_interrupt, true);
    EXPECT_TRUE(report.tasks.at(0).interrupted_frames.empty());
    EXPECT_EQ(report.tasks.at(0).pc, 0x40080010U);
}

TEST_F(InterruptText, TheInterruptedTaskHasFramesOfItsOwn) {
    // As ESP-IDF lists them where the interrupt's stack is the higher one.
    const auto report = decode_text(kInterrupt +
                                    "Backtrace: 0x4008000d:0x3ffbed60 0x4008010d:0x3ffbed80 "
                                    "0x4008020d:0x3ffb2690 0x4008030d:0x3ffb26d0\n");
    EXPECT_EQ(report.in_interrupt, true);
    EXPECT_EQ(functions(report.tasks.at(0).frames), (Names{"spin", "_xt_lowint1"}));
    EXPECT_EQ(functions(report.tasks.at(0).interrupted_frames), (Names{"work", "main_task"}));
    EXPECT_EQ(report.tasks.at(0).unwind_end, "");
    EXPECT_EQ(report.tasks.at(0).interrupted_end, "");
    ASSERT_EQ(report.special_registers.size(), 4U);
    EXPECT_EQ(report.special_registers[2].name, "epc3");
    EXPECT_EQ(report.special_registers[2].value, 3U);
    EXPECT_NE(std::ranges::find(report.findings,
                                "The interrupt watchdog fired: interrupts were held off while a "
                                "task was running."),
              report.findings.end());
}

TEST_F(InterruptText, WhomItHitDoesNotCount) {
    const auto signature = [&](const std::string& frames) {
        return decode_text(kInterrupt + "Backtrace: 0x4008000d:0x3ffbed60 " + frames + "\n")
            .crash.signature;
    };
    const auto apart = signature("0x4008010d:0x3ffbed80 0x4008020d:0x3ffb2690");
    EXPECT_EQ(signature("0x4008010d:0x3ffbed80 0x4008020d:0x3ffc0000"), apart);
    EXPECT_EQ(signature("0x4008010d:0x3ffbed80 0x4008030d:0x3ffc0000"), apart);
    EXPECT_NE(signature("0x4008020d:0x3ffbed80"), apart);
}

TEST_F(InterruptText, ACorruptLastFrameIsNoTask) {
    const auto report = decode_text(
        kInterrupt + "Backtrace: 0x4008000d:0x3ffbed60 0x3fcc7c8d:0x3ffb0000 |<-CORRUPTED\n");
    EXPECT_EQ(functions(report.tasks.at(0).frames), (Names{"spin"}));
    EXPECT_TRUE(report.tasks.at(0).interrupted_frames.empty());
    EXPECT_EQ(report.tasks.at(0).unwind_end, "the device found the stack corrupt here");
}

TEST(PanicText, AWarningOfTheTaskWatchdogIsNotOfThePanicBehindIt) {
    const auto panic = read_panic_text(
        "E (260622) task_wdt: Task watchdog got triggered. The following tasks/users did not reset "
        "the watchdog in time:\nE (260622) task_wdt:  - loopTask (CPU 1)\n"
        "E (260622) task_wdt: Tasks currently running:\nE (260622) task_wdt: CPU 0: IDLE0\n" +
        kInterrupt + "Backtrace: 0x4008000d:0x3ffbed60\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->reason, "");
    EXPECT_EQ(panic->exception, "Interrupt wdt timeout on CPU1");
    EXPECT_EQ(panic->remarks,
              Names{"Task watchdog got triggered. The following tasks/users did not reset the "
                    "watchdog in time:  - loopTask (CPU 1)"});
}

std::string verdict_of(const std::string& text) {
    return test::verdict([&] { read_panic_text(text); });
}

TEST(PanicText, AResetWithoutAPanicSaysWhichItWas) {
    EXPECT_EQ(verdict_of("I (1) main: on\n\nE BOD: Brownout detector was triggered\n\n"
                         "ets Jun  8 2016 00:22:57\n\nrst:0xc (SW_CPU_RESET)\n"),
              "this is the log of a reset without a panic, so there is no backtrace; it says: "
              "Brownout detector was triggered");
}

TEST(PanicText, ACutOffPanicSaysWhatItWas) {
    EXPECT_EQ(verdict_of("E (5525) task_wdt: Task watchdog got triggered. The following tasks did "
                         "not reset the watchdog in time:\nE (5525) task_wdt:  - loopTask (CPU 0)\n"
                         "E (5525) task_wdt: Aborting.\nESP-ROM:esp32c3-api1-20210207\n"),
              "this is the text of a panic that was cut off: it has neither registers nor a "
              "backtrace; it says: Task watchdog got triggered. The following tasks did not reset "
              "the watchdog in time:  - loopTask (CPU 0)");
}

}  // namespace
}  // namespace coredepot::decoder
