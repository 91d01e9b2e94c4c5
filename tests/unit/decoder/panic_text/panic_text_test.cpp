// What is read off the log of a serial port, as terminals, tools and people hand it on.

#include "decoder/panic_text/panic_text.hpp"

#include <string>

#include <gtest/gtest.h>

#include "decoder/crash_source.hpp"
#include "decoder/support/samples.hpp"
#include "text/base64.hpp"

namespace coredepot::decoder {
namespace {

const std::string kStore =
    "Guru Meditation Error: Core  1 panic'ed (StoreProhibited). Exception was unhandled.\r\n"
    "\r\n"
    "Core  1 register dump:\r\n"
    "PC      : 0x400e14ed  PS      : 0x00060030  A0      : 0x800d0805  A1      : 0x3ffb5030  \r\n"
    "A14     : 0x00000001  A15     : 0x3ffb8988  SAR     : 0x00000010  EXCCAUSE: 0x0000001d  \r\n"
    "EXCVADDR: 0x00000004  LBEG    : 0x4000c349  LEND    : 0x4000c36b  LCOUNT  : 0x00000000  \r\n"
    "\r\n\r\n"
    "Backtrace: 0x400e14ea:0x3ffb5030 0x400d0802:0x3ffb5050\r\n"
    "\r\n\r\n"
    "ELF file SHA256: 8cbcbb2a5\r\n\r\nRebooting...\r\n";

/// `text` with `prefix` in front of each of its lines.
std::string prefixed(const std::string& prefix, const std::string& text) {
    std::string result;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        result += prefix + text.substr(start, end + 1 - start);
        start = end + 1;
    }
    return result;
}

void expect_store(const std::string& log) {
    const auto panic = read_panic_text(log);
    ASSERT_TRUE(panic.has_value()) << log;
    EXPECT_EQ(panic->exception, "StoreProhibited");
    EXPECT_EQ(panic->reason, "");
    EXPECT_EQ(panic->elf_sha256_prefix, "8cbcbb2a5");
    ASSERT_EQ(panic->cores.size(), 1U);
    const CoreText& core = panic->cores[0];
    EXPECT_EQ(core.core, 1U);
    EXPECT_EQ(core.registers.size(), 12U);
    EXPECT_EQ(core.registers.at("PC"), 0x400E14EDU);
    EXPECT_EQ(core.registers.at("A15"), 0x3FFB8988U);
    EXPECT_EQ(core.registers.at("EXCVADDR"), 4U);
    ASSERT_EQ(core.backtrace.size(), 2U);
    EXPECT_EQ(core.backtrace[1].pc, 0x400D0802U);
    EXPECT_EQ(core.backtrace[1].sp, 0x3FFB5050U);
}

TEST(PanicText, IsReadAsItIsPrinted) {
    expect_store(kStore);
}

TEST(PanicText, MayHaveSomethingInFrontOfEachLine) {
    for (const auto* prefix :
         {"09:42:23.994 -> ", "[2026-02-11 09:42:23] ", "09:42:23.994 > ", "    ",
          "E (1234) serial: ", "2026-02-11T09:42:23Z device-17 | ", "> "}) {
        expect_store(prefixed(prefix, kStore));
    }
}

/// idf.py monitor and esp-decoder write what an address means between the lines.
TEST(PanicText, MayHaveLinesOfToolsInBetween) {
    auto log = kStore;
    const std::string note =
        "--- 0x400e14ed: app_main at /app/main.c:17\r\n0x400d0802: main_task\r\n";
    log.insert(log.find("A14 "), note);
    log.insert(log.find("ELF file"), note);
    expect_store(log);
}

TEST(PanicText, BacktraceMayGoOnInTheNextLine) {
    auto log = kStore;
    log.replace(log.find(" 0x400d0802"), 1, "\r\n");
    expect_store(log);
}

TEST(PanicText, LastOfSeveralIsRead) {
    auto first = kStore;
    first.replace(first.find("8cbcbb2a5"), 9, "111111111");
    const std::string boot =
        "ESP-ROM:esp32s3-20210327\r\nrst:0xc\r\nI (30) boot: chip revision: v0.2\r\n";
    const auto panic = read_panic_text(first + boot + first + boot + kStore);
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->other_panics, 2U);
    EXPECT_EQ(panic->elf_sha256_prefix, "8cbcbb2a5");
    EXPECT_EQ(panic->chip, "esp32s3");
    EXPECT_EQ(panic->chip_revision, 2U);
    // One that the end of the log cuts off tells nothing.
    expect_store(first + boot + kStore + boot + kStore.substr(0, 60));
}

TEST(PanicText, OfBothCoresTheOneThatPanickedComesFirst) {
    const auto panic = read_panic_text(
        "Guru Meditation Error: Core  1 panic'ed (Interrupt wdt timeout on CPU1). \n"
        "Core  1 register dump:\nPC : 0x40081111 PS : 0x00060030\nBacktrace: "
        "0x4008110e:0x3ffb0000\n"
        "Core  0 register dump:\nPC : 0x40082222 PS : 0x00060030\nBacktrace: "
        "0x4008221f:0x3ffb1000\n"
        "ELF file SHA256: 8cbcbb2a5\n");
    ASSERT_TRUE(panic.has_value());
    ASSERT_EQ(panic->cores.size(), 2U);
    EXPECT_EQ(panic->cores[0].registers.at("PC"), 0x40081111U);
    EXPECT_EQ(panic->cores[1].registers.at("PC"), 0x40082222U);
    EXPECT_EQ(panic->other_panics, 0U);
}

TEST(PanicText, ReasonsAreThoseOfCoreDumps) {
    const auto reason = [](const std::string& words) {
        const auto panic = read_panic_text(words + "\n\nBacktrace: 0x40081111:0x3ffb0000\n");
        return panic ? panic->reason : "none";
    };
    EXPECT_EQ(reason("abort() was called at PC 0x400d66b9 on core 0"),
              "abort() was called at PC 0x400d66b9 on core 0");
    EXPECT_EQ(reason("assert failed: xQueueTake queue.c:1545 (( pxQueue ))"),
              "assert failed: xQueueTake queue.c:1545 (( pxQueue ))");
    EXPECT_EQ(reason("Stack smashing protect failure!\n\nabort() was called at PC 0x4 on core 0"),
              "Stack smashing protect failure!");
    EXPECT_EQ(reason("I (12) x: assertion \"p\" failed: file \"a.c\", line 1, function: f\n"
                     "abort() was called at PC 0x400d66b9 on core 0"),
              "assertion \"p\" failed: file \"a.c\", line 1, function: f");
    EXPECT_EQ(reason("nothing"), "");
}

TEST(PanicText, TasksOfTheWatchdog) {
    const std::string list =
        "E (10303) task_wdt: Task watchdog got triggered. The following tasks/users did not reset "
        "the watchdog in time:\n"
        "E (10303) task_wdt:  - IDLE0 (CPU 0)\n"
        "E (10303) task_wdt:  - Tmr Svc (CPU 0/1)\n"
        "E (10303) task_wdt: Tasks currently running:\n"
        "E (10303) task_wdt: CPU 0: wifi\n"
        "E (10303) task_wdt: CPU 1: worker_a\n";
    const std::string reason =
        "Task watchdog got triggered. The following tasks/users did not reset the watchdog in "
        "time:\n - IDLE0 (CPU 0)\n - Tmr Svc (CPU 0/1)";
    const auto warning =
        read_panic_text(list +
                        "E (10303) task_wdt: Print CPU 0 (current core) backtrace\n\n\n"
                        "Backtrace: 0x40081111:0x3ffb0000\n");
    ASSERT_TRUE(warning.has_value());
    EXPECT_EQ(warning->reason, reason);
    EXPECT_EQ(warning->cores.at(0).task, "wifi");
    // Where the other core aborts, the panic is that one's.
    const auto abort =
        read_panic_text(list +
                        "E (10303) task_wdt: Print CPU 0 (current core) backtrace\n\n\n"
                        "Backtrace: 0x40081111:0x3ffb0000\n"
                        "E (10303) task_wdt: Aborting.\n"
                        "E (10303) task_wdt: Print CPU 1 backtrace\n\n\n"
                        "Backtrace: 0x40082222:0x3ffb1000\n");
    ASSERT_TRUE(abort.has_value());
    EXPECT_EQ(abort->reason, reason);
    ASSERT_EQ(abort->cores.size(), 2U);
    EXPECT_EQ(abort->cores[0].task, "worker_a");
    EXPECT_EQ(abort->cores[0].backtrace.at(0).pc, 0x40082222U);
    EXPECT_EQ(abort->cores[1].task, "wifi");
    EXPECT_EQ(abort->other_panics, 0U);
}

TEST(PanicText, TaskWhoseStackOverflowed) {
    const auto task = [](const std::string& words) {
        const auto panic = read_panic_text(words + "Backtrace: 0x40081111:0x3ffb0000\n");
        return panic ? panic->cores.at(0).task : "none";
    };
    EXPECT_EQ(task("***ERROR*** A stack overflow in task my task has been detected.\n"), "my task");
    EXPECT_EQ(task("Guru Meditation Error: Core  0 panic'ed (Unhandled debug exception). \n"
                   "Debug exception reason: Stack canary watchpoint triggered (sensor) \n"),
              "sensor");
    const auto guard = read_panic_text(
        "Guru Meditation Error: Core  0 panic'ed (Stack protection fault). \n\n"
        "Detected in task \"main\" at 0x42007d1e\n"
        "Stack pointer: 0x3fc91f30\nStack bounds: 0x3fc92000 - 0x3fc93e00\n"
        "MEPC    : 0x42007d1e  RA      : 0x42007d1e\n");
    ASSERT_TRUE(guard.has_value());
    EXPECT_EQ(guard->cores.at(0).task, "main");
    EXPECT_EQ(guard->stack_bounds, (std::pair{0x3FC92000U, 0x3FC93E00U}));
}

TEST(PanicText, WhatElseTheLogSaysOfIt) {
    const auto panic = read_panic_text(
        "ESP_ERROR_CHECK failed: esp_err_t 0x102 (ESP_ERR_INVALID_ARG) at 0x400d2f4c\n"
        "file: \"./main/main.c\" line 21\nfunc: app_main\nexpression: nvs_open(name)\n\n"
        "abort() was called at PC 0x400d2f4c on core 0\n\nBacktrace: 0x40081111:0x3ffb0000\n");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->remarks,
              (std::vector<std::string>{
                  "ESP_ERROR_CHECK failed: esp_err_t 0x102 (ESP_ERR_INVALID_ARG) at 0x400d2f4c",
                  "expression: nvs_open(name)"}));
    ASSERT_TRUE(panic->checked_error.has_value());
    EXPECT_EQ(panic->checked_error->expression, "nvs_open(name)");
    EXPECT_EQ(panic->checked_error->code, 0x102U);
}

TEST(PanicText, NumbersThatAreNoneAreLeftOut) {
    EXPECT_FALSE(read_panic_text("I (31) boot: all is well\nrst:0x1\nSaved PC:0x4080a444\n"));
    EXPECT_FALSE(read_panic_text("Backtrace: \nBacktrace: 0x:0x 0x123456789:0x3ffb0000\n"));
    const auto panic = read_panic_text("PC : 0x1 PS : 0x2\nBacktrace: 0x1:0x2 0x3:zzz 0x4:0x5");
    ASSERT_TRUE(panic.has_value());
    EXPECT_EQ(panic->cores.at(0).backtrace.size(), 1U);
}

std::string verdict_of(const std::string& text) {
    return test::verdict([&] { CrashSource{test::to_bytes(text)}; });
}

TEST(CrashSource, SaysWhatIsMissing) {
    EXPECT_EQ(verdict_of("abort() was called at PC 0x400d66b9 on core 0\nRebooting...\n"),
              "this is the text of a panic that was cut off: it has neither registers nor a "
              "backtrace; it says: abort() was called at PC 0x400d66b9 on core 0");
    EXPECT_TRUE(verdict_of("all is well\n").starts_with("this is not a core dump"));
}

CoreImage image_of_text(const std::string& text) {
    return CrashSource{test::to_bytes(text)}.image([] { return Architecture::Xtensa; });
}

TEST(CrashSource, CoreDumpInTheSameLogWins) {
    const auto dump = "=== CORE DUMP START ===\n" +
                      test::read_text(test::crash_dir() / "coredump.b64") +
                      "=== CORE DUMP END ===\n";
    EXPECT_EQ(image_of_text(kStore + dump).source, Source::CoreDump);
    const auto damaged = image_of_text(kStore + dump.substr(0, dump.size() / 2));
    EXPECT_EQ(damaged.source, Source::PanicText);
    ASSERT_EQ(damaged.remarks.size(), 1U);
    EXPECT_NE(damaged.remarks[0].find("the core dump is truncated"), std::string::npos);
}

TEST(CrashSource, ReadsTextInOtherClothes) {
    std::string utf16 = "\xFF\xFE";
    for (const char c : kStore) {
        utf16 += {c, '\0'};
    }
    std::string json = "{\"log\": \"";
    for (const char c : kStore) {
        json += c == '\r' ? "\\r" : c == '\n' ? "\\n" : std::string(1, c);
    }
    const auto coloured = prefixed("\x1B[0;31m", kStore) + "\x1B[0m";
    std::string array = "[\"";
    for (const char c : kStore) {
        array += c == '\r' ? "" : c == '\n' ? "\", \"" : std::string(1, c);
    }
    std::string returns = kStore;
    std::erase(returns, '\n');
    const auto base64 = encode_base64(kStore);
    for (const auto& text :
         {utf16, json + "\"}", array + "\"]", returns, coloured, "\xEF\xBB\xBF" + kStore, base64}) {
        const auto image = image_of_text(text);
        EXPECT_EQ(image.elf_sha256_prefix, "8cbcbb2a5");
        EXPECT_EQ(image.tasks.at(0).cpu.pc, 0x400E14EDU);
    }
}

}  // namespace
}  // namespace coredepot::decoder
