// What must have one signature and what two: cases that Socorro, Sentry, Memfault and users of
// ESP-IDF learnt of, as lists of frames. signature_builds_test.cpp has some of real builds.

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "decoder/diagnosis/signature.hpp"
#include "decoder/support/crash_builder.hpp"

namespace coredepot::decoder {
namespace {

using namespace test;
using Names = std::vector<std::string>;

std::string hash(const Report& report) {
    return describe_crash(report).signature;
}
std::string title(const Report& report) {
    return describe_crash(report).title;
}

/// `report` with another task.
Report with_task(Report report, const std::string& name, const std::vector<Frame>& backtrace) {
    Task task;
    task.name = name;
    task.frames = backtrace;
    report.tasks.push_back(task);
    return report;
}

Report watchdog(const std::string& starved, const std::vector<Frame>& interrupted,
                const std::vector<Frame>& worker) {
    return with_task(crash(interrupted,
                           "Task watchdog got triggered. The following tasks/users did not reset "
                           "the watchdog in time:\n - " +
                               starved + " (CPU 0)"),
                     "worker_a", worker);
}

const auto kIdle = std::vector<Frame>{idf("prvIdleTask", "freertos/tasks.c")} + task_start();
const auto kWifi = std::vector<Frame>{frame("ppTask", "", 0)} + task_start();
const auto kWorker = frames({"read_fifo", "poll", "worker_main"}) + task_start();

TEST(SignatureRules, TaskWatchdogsAreOfWhoStarved) {
    const auto signature = hash(watchdog("worker_a", kIdle, kWorker));
    EXPECT_EQ(hash(watchdog("worker_a", kWifi, kWorker)), signature);
    EXPECT_EQ(hash(watchdog("worker_a", kIdle, frames({"poll", "worker_main"}) + task_start())),
              signature)
        << "caught at another place of the loop";
    EXPECT_NE(hash(watchdog("worker_b", kIdle, kWorker)), signature);
    EXPECT_EQ(title(watchdog("worker_a", kIdle, kWorker)),
              "Task watchdog: worker_a in read_fifo (main.c:10)");
}

TEST(SignatureRules, WhoeverRunsWhenIdleStarvesDoesNotLetGo) {
    const auto hog = frames({"poll", "app_main"});
    const auto signature = hash(watchdog("IDLE0", hog, kWorker));
    EXPECT_EQ(hash(watchdog("IDLE1", frames({"is_ready", "poll", "app_main"}), kWorker)),
              signature);
    EXPECT_NE(hash(watchdog("IDLE0", kWorker, kWorker)), signature);
    EXPECT_EQ(describe_crash(watchdog("IDLE0", hog, kWorker)).functions, Names{"app_main"});
}

TEST(SignatureRules, ADamagedHeapIsNotOfWhoFindsIt) {
    const std::string reason =
        "assert failed: multi_heap_free multi_heap_poisoning.c:276 (head != NULL)";
    const auto found_by = [&](const std::string& victim) {
        return crash(aborting() + frames({victim}), reason);
    };
    EXPECT_EQ(hash(found_by("log_sample")), hash(found_by("send")));
    EXPECT_EQ(title(found_by("send")),
              "Heap corrupt: multi_heap_free (head != NULL) in send (main.c:10)");
    const auto fault = [&](const std::string& victim) {
        return crash(std::vector<Frame>{idf("remove_free_block", "heap/tlsf/tlsf.c"),
                                        idf("tlsf_malloc", "heap/tlsf/tlsf.c"),
                                        idf("heap_caps_malloc", "heap/heap_caps.c"),
                                        idf("malloc", "newlib/src/heap.c")} +
                     frames({victim}));
    };
    EXPECT_EQ(hash(fault("send")), hash(fault("log_sample")));
    EXPECT_EQ(title(fault("send")), "Heap corrupt: remove_free_block in send (main.c:10)");
    EXPECT_NE(hash(fault("send")), hash(found_by("send")));
}

TEST(SignatureRules, OutOfMemoryIsOfWhoAsked) {
    const auto by = [](const std::string& caller) {
        return abort_in({frame("std::terminate", "", 0), frame("std::__throw_bad_alloc", "", 0),
                         frame("operator new", "", 0), frame(caller), frame("app_main")});
    };
    EXPECT_NE(hash(by("parse")), hash(by("render")));
    EXPECT_EQ(title(by("parse")), "Out of memory in parse (main.c:10)");
    const auto told =
        crash(aborting() + std::vector<Frame>{idf("heap_caps_alloc_failed", "heap/heap_caps.c"),
                                              idf("heap_caps_malloc", "heap/heap_caps.c"),
                                              frame("parse"), frame("app_main")},
              "Memory allocation failed");
    EXPECT_EQ(hash(told), hash(by("parse")));
}

TEST(SignatureRules, AFaultInOperatorNewIsOfTheHeap) {
    EXPECT_EQ(title(crash({idf("tlsf_malloc", "heap/tlsf/tlsf.c"), frame("operator new", "", 0),
                           frame("parse")})),
              "Heap corrupt: tlsf_malloc in parse (main.c:10)");
}

TEST(SignatureRules, ACycleOfCallsIsOneWhereverItIsCaught) {
    const auto of = [](const Names& functions) { return hash(crash(frames(functions))); };
    const auto signature = of({"visit", "walk", "visit", "walk", "visit", "walk", "loop"});
    EXPECT_EQ(of({"walk", "visit", "walk", "visit", "walk", "loop"}), signature);
    EXPECT_EQ(of({"walk", "visit", "walk", "loop"}), signature);
    EXPECT_EQ(of({"visit", "walk", "loop"}), signature) << "before it repeats";
    EXPECT_NE(of({"walk", "loop"}), signature);
    EXPECT_EQ(of({"fact", "fact", "fact", "fact", "main"}), of({"fact", "main"}));
    const auto deep = describe_crash(crash(frames({"c", "a", "b", "c", "a", "b", "c", "main"})));
    EXPECT_EQ(deep.functions, (Names{"a", "b", "c"}));
    EXPECT_EQ(deep.signature, of({"b", "c", "a", "b", "c", "a", "main"}));
}

TEST(SignatureRules, StackOverflowsAreOfTheTask) {
    const auto overflow = [](const std::string& task, const std::string& victim) {
        auto report = crash(frames({victim}));
        auto& one = report.tasks.front();
        one.name = task;
        one.stack_start = 0x3FC90000;
        one.stack_end = 0x3FC91000;
        one.stack_pointer = 0x3FC8FFF0;
        return report;
    };
    const auto signature = hash(overflow("net", "send"));
    EXPECT_EQ(hash(overflow("net", "format")), signature);
    EXPECT_NE(hash(overflow("ui", "send")), signature);
    EXPECT_EQ(title(overflow("net", "send")), "Stack overflow in task net");
    EXPECT_EQ(hash(crash(frames({"other"}),
                         "***ERROR*** A stack overflow in task net has been detected.")),
              signature);
    EXPECT_EQ(hash(crash(frames({"other"}),
                         "Unhandled debug exception\nDebug exception reason: Stack canary "
                         "watchpoint triggered (net) ")),
              signature);
    auto guarded = overflow("net", "send");
    guarded.tasks.front().stack_pointer = 0x3FC90010;
    guarded.exception = Exception{65, 0, "unhandled debug exception"};
    EXPECT_EQ(hash(guarded), signature);
    guarded.architecture = Architecture::RiscV;
    guarded.tasks.front().stack_pointer = 0x3FC90800;
    guarded.exception = Exception{27, 0, "Stack protection fault"};
    EXPECT_EQ(hash(guarded), signature);
}

/// An array that is larger than all of the stack.
TEST(SignatureRules, StackOverflowsAreOfTheTaskHoweverFarTheyGo) {
    const auto far = [](const std::string& victim) {
        auto report = crash(frames({victim, "app_main"}));
        report.chip = "esp32c3";
        report.in_interrupt = false;
        auto& one = report.tasks.front();
        one.stack_start = 0x3FC90000;
        one.stack_end = 0x3FC91000;
        one.stack_pointer = 0x3FC8A000;
        one.uses_own_stack = true;
        return report;
    };
    EXPECT_EQ(title(far("send")), "Stack overflow in task main");
    EXPECT_EQ(hash(far("send")), hash(far("format")));

    // Of old versions of ESP-IDF nobody knows whether it was in an interrupt.
    auto report = far("send");
    report.in_interrupt = std::nullopt;
    EXPECT_EQ(hash(report), hash(far("format")));

    // Where the backtrace ended before it came to the stack, the place has to bear it out.
    report = far("send");
    auto& task = report.tasks.front();
    task.uses_own_stack = false;
    task.unwind_end = "the return address 0x00000000 is not code";
    EXPECT_EQ(hash(report), hash(far("format")));
    report.in_interrupt = std::nullopt;
    EXPECT_NE(hash(report), hash(far("format"))) << "it may be the stack of interrupts";
    report.in_interrupt = false;
    task.stack_pointer = 0x12345678;
    EXPECT_NE(hash(report), hash(far("format"))) << "not where stacks are";
    task.stack_pointer = 0x3FC8A000;
    task.unwind_end = "";
    EXPECT_NE(hash(report), hash(far("format"))) << "a stack with a beginning of its own";
    report.in_interrupt = true;
    task.uses_own_stack = true;
    EXPECT_NE(hash(report), hash(far("format"))) << "an interrupt has a stack of its own";
}

TEST(SignatureRules, ErrorChecksDifferByTheirExpression) {
    const auto check = [](const std::string& expression, std::uint64_t code) {
        auto failed = idf("_esp_error_check_failed", "esp_system/esp_err.c");
        failed.args = {{"rc", "int", "", "", code, {}},
                       {"expression", "const char *", "", "", 0x3C001234, expression}};
        return abort_in({failed, frame("start"), frame("app_main")});
    };
    const auto nvs = check("nvs_flash_init()", 0x1101);
    EXPECT_EQ(title(nvs), "ESP_ERROR_CHECK failed: nvs_flash_init() (0x1101) in start (main.c:10)");
    EXPECT_EQ(describe_crash(nvs).detail, "nvs_flash_init()");
    EXPECT_NE(hash(check("wifi_start()", 0x1101)), hash(nvs));
    EXPECT_NE(hash(nvs), hash(abort_in(frames({"start", "app_main"}))));
    EXPECT_EQ(title(check("f()", 0xFFFFFFFF)),
              "ESP_ERROR_CHECK failed: f() (-1) in start (main.c:10)");
}

TEST(SignatureRules, FreeTextCountsWithoutWhatChanges) {
    const auto of = [](const std::string& reason) {
        return hash(crash(aborting() + frames({"join"}), reason));
    };
    EXPECT_EQ(of("cannot join 'Home': -3"), of("cannot join 'Caf\xc3\xa9 2': -5"));
    EXPECT_EQ(of("lost 192.168.0.1 (24:6f:28:ab:cd:ef)"), of("lost 10.0.0.7 (aa:bb:cc:dd:ee:ff)"));
    EXPECT_NE(of("cannot join 'Home'"), of("cannot leave 'Home'"));
}

TEST(SignatureRules, KindsAreEqualOnEveryCpu) {
    struct Pair {
        std::uint32_t xtensa, riscv;
    };
    for (const auto [xtensa, riscv] :
         {Pair{29, 7}, Pair{28, 5}, Pair{20, 1}, Pair{0, 2}, Pair{9, 4}, Pair{69, 24}, Pair{71, 25},
          Pair{72, 26}, Pair{65, 3}}) {
        auto one = crash(frames({"f", "g"}));
        one.exception = Exception{xtensa, 5, "x"};
        auto other = one;
        other.architecture = Architecture::RiscV;
        other.exception = Exception{riscv, 9, "y"};
        EXPECT_EQ(describe_crash(one).kind, describe_crash(other).kind) << xtensa;
        EXPECT_EQ(hash(one), hash(other)) << xtensa;
    }
}

TEST(SignatureRules, TheOneByTheRulesBeforeIsKept) {
    const auto crash = describe_crash(test::crash(frames({"store", "update", "loop"})));
    EXPECT_EQ(crash.rules, 2);
    EXPECT_EQ(crash.previous_signature, "9e155b28ccf66c33")
        << "SHA-256 of 1, StoreProhibited, no detail, store, update, loop, a NUL behind each";
    EXPECT_NE(crash.signature, crash.previous_signature);
}

}  // namespace
}  // namespace coredepot::decoder
