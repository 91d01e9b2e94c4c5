#include "decoder/diagnosis/signature.hpp"

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

Frame frame(const std::string& function, const std::string& file = "/home/me/app/main.c",
            int line = 10, std::uint32_t pc = 0x42001234) {
    return {pc, function, file, line, false, false};
}

Report crash(const std::vector<Frame>& frames, const std::string& panic_reason = "") {
    Report report;
    report.panic_reason = panic_reason;
    report.exception = Exception{29, 0x5, "StoreProhibitedCause", "", true};
    report.elf_verified = true;
    Task task;
    task.name = "main";
    task.crashed = true;
    task.frames = frames;
    report.tasks = {task};
    return report;
}

std::string hash(const Report& report) {
    return describe_crash(report).signature;
}
std::string title(const Report& report) {
    return describe_crash(report).title;
}

const std::vector<Frame> kBug = {frame("store"), frame("update"), frame("loop"), frame("app_main")};

TEST(Signature, IsShort) {
    EXPECT_EQ(hash(crash(kBug)).size(), 16U);
    EXPECT_EQ(hash(crash(kBug)).find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(hash(crash({})).size(), 16U);
    EXPECT_EQ(hash(Report()).size(), 16U);
}

TEST(Signature, SurvivesARebuild) {
    const auto signature = hash(crash(kBug));
    auto rebuilt =
        crash({frame("store.isra.0", "C:\\ci\\app\\main.c", 12, 0x42005678),
               frame("update", "", 0, 0x42005700), frame("loop.constprop.1"), frame("app_main")});
    rebuilt.exception->address = 0x1005;
    rebuilt.elf_sha256 = std::string(64, 'a');
    rebuilt.tasks.front().tcb = 0x3ffb0000;
    EXPECT_EQ(hash(rebuilt), signature);
}

TEST(Signature, IsOfTheInnermostFunctionAndItsCaller) {
    const auto signature = hash(crash(kBug));
    auto frames = kBug;
    frames[2] = frame("another_task");
    EXPECT_EQ(hash(crash(frames)), signature) << "how one got there";
    for (std::size_t i = 0; i < 2; ++i) {
        frames = kBug;
        frames[i].function = "other";
        EXPECT_NE(hash(crash(frames)), signature) << i;
    }
    EXPECT_NE(hash(crash({frame("storeupdate"), frame("loop"), frame("app_main")})), signature);
}

TEST(Signature, KindsDiffer) {
    auto load = crash(kBug);
    load.exception->cause = 28;
    EXPECT_NE(hash(load), hash(crash(kBug)));
    const auto aborted = crash(kBug, "abort() was called at PC 0x400d1234 on core 0");
    EXPECT_NE(hash(aborted), hash(crash(kBug)));
    EXPECT_EQ(hash(aborted), hash(crash(kBug, "abort() was called at PC 0x400d5678 on core 1")));
}

TEST(Signature, SkipsWhatCarriesTheCrashOut) {
    const auto reason = "abort() was called at PC 0x40380698 on core 0";
    const auto signature = hash(crash(kBug, reason));
    auto frames = kBug;
    frames.insert(
        frames.begin(),
        {frame("panic_abort", "/idf/components/esp_system/panic.c"), frame("esp_system_abort", ""),
         frame("abort", "/idf/components/newlib/abort.c"), frame("ets_printf", "", 0, 0x40048000),
         frame(""),
         frame("xQueueGenericSend", "/opt/idf/components/freertos/FreeRTOS-Kernel/queue.c"),
         frame("vTaskDelay", ""), frame("__cxxabiv1::__terminate", "")});
    EXPECT_EQ(hash(crash(frames, reason)), signature);
    EXPECT_EQ(title(crash(frames, reason)), "Abort in store (main.c:10)");
}

/// The P4 and the S31 have the application's flash where other chips have mask ROM.
TEST(Signature, CodeInFlashIsNotTakenForRom) {
    auto frames = kBug;
    frames.insert(frames.begin(), frame("panic_handler", "/idf/components/esp_system/panic.c"));
    for (auto& frame : frames) frame.pc = 0x40001234;
    EXPECT_EQ(hash(crash(frames)), hash(crash(kBug)));
}

TEST(Signature, GuessedFramesDoNotCount) {
    auto frames = kBug;
    frames.insert(frames.begin(), frame("perhaps"));
    frames.front().guessed = true;
    EXPECT_EQ(hash(crash(frames)), hash(crash(kBug)));
}

/// BIN dumps say nothing of why, and the fault by which a panic gets at the registers means
/// nothing.
TEST(Signature, APanicWithoutAReasonIsKnownByWhoPanicked) {
    const auto panicked = [](const std::vector<std::string>& functions) {
        std::vector<Frame> frames = {frame("panic_abort", "/idf/components/esp_system/panic.c")};
        for (const auto& name : functions) {
            frames.push_back(frame(name, "/idf/components/newlib/" + name + ".c"));
        }
        frames.insert(frames.end(), kBug.begin(), kBug.end());
        return crash(frames);
    };
    EXPECT_EQ(title(panicked({"esp_system_abort", "abort"})), "Abort in store (main.c:10)");
    EXPECT_EQ(title(panicked({"esp_system_abort", "__assert_func"})),
              "Assertion failed in store (main.c:10)");
    EXPECT_EQ(title(panicked({"esp_system_abort", "__stack_chk_fail"})),
              "Stack smashed in store (main.c:10)");
    EXPECT_EQ(hash(panicked({"esp_system_abort", "abort"})),
              hash(crash(kBug, "abort() was called at PC 0x400d66b9 on core 0")));
}

TEST(Signature, InterruptWatchdogsAreOneKind) {
    auto first = crash(kBug);
    first.exception->cause = 69;
    first.exception->has_address = false;
    auto second = crash(kBug);
    second.exception->cause = 70;
    EXPECT_EQ(hash(first), hash(second));
    EXPECT_EQ(title(first), "Interrupt watchdog in store (main.c:10)");
}

TEST(Signature, OfATaskThatTheDeviceLeftOut) {
    auto report = crash(kBug);
    report.tasks.front().crashed = false;
    EXPECT_EQ(title(report), "Store to invalid address at 0x5") << "of no other task";
    report.tasks.front().frames = {frame("another")};
    EXPECT_EQ(hash(report), hash(crash({})));
}

TEST(Signature, OfNothingButTheSystem) {
    const std::vector<Frame> idle = {frame("prvIdleTask", "/idf/components/freertos/tasks.c"),
                                     frame("vPortTaskWrapper", "/idf/components/freertos/port.c")};
    const std::vector<Frame> timer = {frame("prvTimerTask", "/idf/components/freertos/timers.c")};
    EXPECT_NE(hash(crash(idle)), hash(crash(timer)));
    EXPECT_EQ(title(crash(idle)), "Store to invalid address at 0x5 in prvIdleTask (tasks.c:10)");
}

TEST(Signature, AssertionsDifferByTheirExpression) {
    const auto of = [&](const std::string& reason) { return hash(crash(kBug, reason)); };
    const auto signature = of("assert failed: store main.c:10 (size > (4))");
    EXPECT_EQ(of("assert failed: store main.c:99 (size > (4))"), signature);
    EXPECT_EQ(of("assertion \"size > (4)\" failed: file \"main.c\", line 10, function: store"),
              signature);
    EXPECT_NE(of("assert failed: store main.c:10 (size > (5))"), signature);
}

TEST(Signature, AnOverflowedStackIsTheTasksWhereverItWasFound) {
    const auto reason = [](const std::string& task) {
        return "***ERROR*** A stack overflow in task " + task + " has been detected.";
    };
    const auto elsewhere = crash({frame("other")}, reason("net"));
    EXPECT_EQ(hash(crash(kBug, reason("net"))), hash(elsewhere));
    EXPECT_NE(hash(crash(kBug, reason("net"))), hash(crash(kBug, reason("ui"))));
    EXPECT_EQ(title(elsewhere), "Stack overflow in task net");
}

TEST(Signature, UnknownReasonsGoWithoutTheirNumbers) {
    EXPECT_EQ(hash(crash(kBug, "Radio lost at 0x3ffb1234, size 17")),
              hash(crash(kBug, "Radio lost at 0x3ffb5678, size 4\nmore")));
    EXPECT_NE(hash(crash(kBug, "Radio lost")), hash(crash(kBug, "Radio found")));
    EXPECT_EQ(title(crash(kBug, "Radio lost at 0x3ffb1234, size 17")),
              "Panic: Radio lost at *, size * in store (main.c:10)");
}

TEST(Title, SaysWhatAndWhere) {
    EXPECT_EQ(title(crash({frame("recur_func", "/idf/main/test_core_dump.c", 70)})),
              "Store to invalid address at 0x5 in recur_func (test_core_dump.c:70)");
    EXPECT_EQ(title(crash({frame("f", "C:\\app\\a.c", 0)})),
              "Store to invalid address at 0x5 in f (a.c)");
    EXPECT_EQ(title(crash({frame("f", "")})), "Store to invalid address at 0x5 in f");
    EXPECT_EQ(title(crash({})), "Store to invalid address at 0x5 in task main");
    EXPECT_EQ(title(crash(kBug, "assert failed: store main.c:10 (x)")),
              "Assertion failed: x in store (main.c:10)");
    auto division = crash(kBug);
    division.exception = Exception{6, 0x5, "IntegerDivideByZeroCause"};
    EXPECT_EQ(title(division), "Division by zero in store (main.c:10)") << "no address is meant";
    EXPECT_EQ(title(Report()), "Crash");
}

TEST(Signature, OfOurOwnCrashes) {
    const auto decoded = [](const std::string& name) {
        return decode(test::read_bytes(test::crash_dir() / name),
                      test::crash_dir() / "thermostat.elf", "esp32c3");
    };
    const auto store = decoded("coredump.bin");
    const auto aborted = decoded("coredump_abort.bin");
    EXPECT_EQ(hash(store), hash(decoded("coredump.b64")));
    EXPECT_NE(hash(store), hash(aborted));
    EXPECT_TRUE(title(store).starts_with("Store to invalid address at 0x5 in relay_set_duty ("));
    EXPECT_TRUE(title(aborted).starts_with("Abort in ")) << title(aborted);
}

}  // namespace
}  // namespace coredepot::decoder
