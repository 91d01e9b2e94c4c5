#include "decoder/output/report_text.hpp"

#include <string>

#include <gtest/gtest.h>

#include "decoder/diagnosis/signature.hpp"

namespace coredepot::decoder {
namespace {

Report sample() {
    Task crashed;
    crashed.tcb = 0x3FC8EC30;
    crashed.name = "main";
    crashed.crashed = true;
    crashed.priority = 1;
    crashed.base_priority = 1;
    crashed.stack_used = 160;
    crashed.stack_free = 3924;
    crashed.registers = {
        {"ra", 0x4038368E, "abort"}, {"a0", 0xFFFFFFFF, ""}, {"pc", 0x40380698, "panic_abort+18"}};
    crashed.frames = {{0x40380698, "panic_abort", "/idf/panic.c", 472, true, false},
                      {0x40380698, "esp_system_abort", "/idf/chip.c", 93, false, false},
                      {0x400485E4, "", "", 0, false, false},
                      {0x4200937A, "app_main", "/app/main.c", 20, false, true}};
    Task idle;
    idle.tcb = 0x3FC8F38C;
    idle.name = "IDLE";
    idle.frames = {{0x4038407C, "vPortTaskWrapper", "/idf/port.c", 251, false, false}};
    idle.unwind_end = "the return address 0x12345678 is not code";

    Report report;
    report.chip = "esp32c3";
    report.chip_revision = 4;
    report.in_interrupt = false;
    report.panic_reason = "abort() was called";
    report.exception = Exception{7, 5, "Store/AMO access fault"};
    report.elf_verified = true;
    report.tasks = {crashed, idle};
    report.architecture = Architecture::RiscV;
    report.crash = describe_crash(report);
    return report;
}

TEST(Text, Layout) {
    EXPECT_EQ(to_text(sample()),
              R"(===============================================================
==================== ESP32 CORE DUMP START ====================

Source: core_dump
Chip: esp32c3 v0.4
Crashed task handle: 0x3fc8ec30, name: 'main', GDB name: 'process 1070132272'
Crashed task is not in the interrupt context
Crash: Abort in app_main (main.c:20) [signature aee80c32f4568eb3]
Signature of: Abort, app_main
Passed over: panic_abort [panic handler], esp_system_abort [panic handler], ?? [no name]
Signature is guessed: A search of the stack found some of the functions; it may be wrong.
Panic reason: abort() was called

================== CURRENT THREAD REGISTERS ===================
mcause         0x7 (Store/AMO access fault)
mtval          0x5
ra             0x4038368e          0x4038368e <abort>
a0             0xffffffff          -1
pc             0x40380698          0x40380698 <panic_abort+18>

==================== CURRENT THREAD STACK =====================
#0  0x40380698 in panic_abort () at /idf/panic.c:472
#1  0x40380698 in esp_system_abort () at /idf/chip.c:93
#2  0x400485e4 in ?? ()
#3  0x4200937a in app_main () at /app/main.c:20 [guessed]

======================== THREADS INFO =========================
  Id   Target Id          Frame 
* 1    process 1070132272 0x40380698 in panic_abort () at /idf/panic.c:472
  2    process 1070134156 0x4038407c in vPortTaskWrapper () at /idf/port.c:251


       TCB             NAME PRIO C/B  STACK USED/FREE
---------- ---------------- -------- ----------------
0x3fc8ec30             main      1/1         160/3924
0x3fc8f38c             IDLE      0/0              ?/?

==================== THREAD 1 (TCB: 0x3fc8ec30, name: 'main') =====================
#0  0x40380698 in panic_abort () at /idf/panic.c:472
#1  0x40380698 in esp_system_abort () at /idf/chip.c:93
#2  0x400485e4 in ?? ()
#3  0x4200937a in app_main () at /app/main.c:20 [guessed]

==================== THREAD 2 (TCB: 0x3fc8f38c, name: 'IDLE') =====================
#0  0x4038407c in vPortTaskWrapper () at /idf/port.c:251
Backtrace stopped: the return address 0x12345678 is not code

===================== ESP32 CORE DUMP END =====================
===============================================================
)");
}

TEST(Text, KnowsTheSignatureByTheRulesBefore) {
    EXPECT_EQ(sample().crash.previous_signature, "a5a45352ae4e54a4")
        << "which this page showed when these were the rules";
}

TEST(Text, SaysThatTheElfIsNotVerified) {
    Report report = sample();
    EXPECT_EQ(to_text(report).find("not verified"), std::string::npos);
    report.elf_verified = false;
    EXPECT_NE(to_text(report).find("ELF not verified"), std::string::npos);
}

// It is the device's text, and so may be what looks like lines of the report.
TEST(Text, APanicReasonForgesNoFrames) {
    Report report = sample();
    report.panic_reason =
        "assert failed: f a.c:1 (x)\n#0  0x40000000 in innocent ()\nELF not verified";
    const std::string text = to_text(report);
    EXPECT_EQ(text.find("\n#0  0x40000000"), std::string::npos) << text;
    EXPECT_NE(text.find("Panic reason: assert failed: f a.c:1 (x)\n"
                        "  | #0  0x40000000 in innocent ()\n"
                        "  | ELF not verified\n"),
              std::string::npos)
        << text;
    report.panic_reason = "assert failed: f (a\n#0  0x40000000 in innocent ()";
    EXPECT_EQ(describe_crash(report).title.find('\n'), std::string::npos);
}

/// The numbers are those that gdb would give the frames.
TEST(Text, SaysHowManyFramesAreLeftOut) {
    Report report = sample();
    report.tasks[0].frames[3].folded = 744;
    EXPECT_NE(to_text(report).find("#2  0x400485e4 in ?? ()\n"
                                   "... 744 frames are left out here ...\n"
                                   "#747 0x4200937a in app_main ()"),
              std::string::npos)
        << to_text(report);
}

TEST(Text, SkippedCrashedTaskAndInterrupt) {
    Report report = sample();
    report.tasks[0].crashed = false;
    report.in_interrupt = true;
    const std::string text = to_text(report);
    EXPECT_NE(text.find("Crashed task has been skipped\nCrashed task is in the interrupt context"),
              std::string::npos);
    EXPECT_FALSE(to_text(Report{}).empty());
}

}  // namespace
}  // namespace coredepot::decoder
