// What must have one signature and what two: cases that Socorro, Sentry, Memfault and users of
// ESP-IDF learnt of, as lists of frames. signature_pairs_test.cpp has some from real builds.

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

TEST(SignatureRules, StandardLibraryTakesNoPlace) {
    const std::string functional = "/opt/riscv/include/c++/12.2.0/bits/std_function.h";
    const std::string lambda = "setup()::{lambda()#1}::operator()";
    const auto called = crash(frames({lambda, "setup", "app_main"}));
    const auto through = crash(
        {frame(lambda), frame("std::__invoke_impl<void, setup()::{lambda()#1}&>", functional),
         frame("std::_Function_handler<void (), setup()::{lambda()#1}>::_M_invoke", functional),
         frame("std::function<void ()>::operator()", functional), frame("setup"),
         frame("app_main")});
    EXPECT_EQ(hash(through), hash(called));
    EXPECT_NE(hash(crash(frames({"stop()::{lambda()#1}::operator()", "setup"}))), hash(called));
    const auto in_library = crash({frame("std::function<void ()>::operator()", functional)});
    EXPECT_EQ(describe_crash(in_library).functions, Names{"std::function<T>::operator()"})
        << "nothing else remains";
}

TEST(SignatureRules, LambdasOfOneFunctionAreOne) {
    const auto of = [](const std::string& lambda) { return hash(crash(frames({lambda, "run"}))); };
    const auto signature = of("setup(int)::{lambda(int)#1}::operator()");
    EXPECT_EQ(of("setup(int)::{lambda(int)#3}::operator()"), signature);
    EXPECT_EQ(of("setup(int)::$_0::operator()"), signature);
    EXPECT_NE(of("stop(int)::{lambda(int)#1}::operator()"), signature);
    // Debug information has the function around a lambda elsewhere.
    auto described = frame("operator()");
    described.within = "setup";
    EXPECT_EQ(hash(crash({described, frame("run")})), signature);
    EXPECT_EQ(title(crash({described})),
              "Store to invalid address at 0x5 in setup::{lambda} (main.c:10)");
}

TEST(SignatureRules, TemplateArgumentsDoNotCount) {
    EXPECT_EQ(hash(crash(frames({"Buffer<64>::push", "run"}))),
              hash(crash(frames({"Buffer<128>::push", "run"}))));
    EXPECT_NE(hash(crash(frames({"Buffer<64>::push", "run"}))),
              hash(crash(frames({"Buffer<64>::pop", "run"}))));
}

TEST(SignatureRules, RustPanicsAreOfTheApplication) {
    const auto panic = [](const std::string& function) {
        return abort_in({frame("rust_begin_unwind", "/rustc/90b/library/std/src/panicking.rs"),
                         frame("core::panicking::panic_fmt", "/rustc/90b/library/core/src/a.rs"),
                         frame("core::option::unwrap_failed", "", 0),
                         frame("core::option::Option<T>::unwrap", "/rustc/90b/library/core/o.rs"),
                         frame(function, "/home/me/app/src/main.rs"), frame("app::main")});
    };
    const auto sensor = panic("<app::Sensor as app::Driver>::read");
    EXPECT_EQ(hash(panic("<app::Sensor as app::Driver>::read::h0123456789abcdef")), hash(sensor));
    EXPECT_NE(hash(panic("<app::Motor as app::Driver>::read")), hash(sensor));
    EXPECT_EQ(title(sensor), "Rust panic in <app::Sensor as app::Driver>::read (main.rs:10)");
}

TEST(SignatureRules, APanicHandlerOfTheApplicationsOwnIsNoPlace) {
    const auto bare = crash({frame("app::panic", "/home/me/app/src/main.rs"),
                             frame("core::panicking::panic_fmt", "/rustc/90b/library/core/a.rs"),
                             frame("app::read"), frame("app::main"),
                             frame("std::panicking::try", "/rustc/90b/library/std/p.rs")});
    EXPECT_EQ(title(bare), "Rust panic in app::read (main.c:10)");
    EXPECT_EQ(describe_crash(bare).skipped.front(), (SkippedFrame{"app::panic", "panic handler"}));
    const auto wrapped =
        crash(frames({"panic_abort", "my_abort_hook"}) + aborting() + frames({"f"}));
    EXPECT_EQ(title(wrapped), "Abort in f (main.c:10)");
}

TEST(SignatureRules, TitlesKeepDotsThatAreNoSuffix) {
    EXPECT_EQ(title(crash(frames({"Sink<std::function<void (char const*, ...)> >::put.isra.0"}))),
              "Store to invalid address at 0x5 in "
              "Sink<std::function<void (char const*, ...)> >::put (main.c:10)");
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

TEST(SignatureRules, ATeamNamesFunctionsToPassOver) {
    const auto fatal = [](const Names& inner) {
        return abort_in(frames(inner) + frames({"f", "g"}));
    };
    const auto signature = hash(fatal({}));
    EXPECT_EQ(describe_crash(fatal({"app_fatal"}), {{"app_fatal"}, {}}).signature, signature);
    EXPECT_EQ(describe_crash(fatal({"app_log_now", "app_log"}), {{}, {"app_log"}}).signature,
              signature);
    EXPECT_EQ(describe_crash(fatal({"Log<64>::fatal"}), {{"Log<8>::fatal"}, {}}).signature,
              signature);
    EXPECT_NE(describe_crash(fatal({"app_fatal2"}), {{"app_fatal"}, {}}).signature, signature);
    const auto crash = describe_crash(fatal({"app_fatal"}), {{"app_fatal"}, {}});
    EXPECT_EQ(crash.skipped.back(), (SkippedFrame{"app_fatal", "rule of the model"}));
    EXPECT_EQ(crash.title, "Abort in f (main.c:10)");
}

TEST(SignatureRules, ALibraryIsOfWhoCalledIt) {
    const auto tls = [](const std::string& caller) {
        return crash({idf("mbedtls_mpi_grow", "mbedtls/mbedtls/library/bignum.c"),
                      idf("mbedtls_rsa_public", "mbedtls/mbedtls/library/rsa.c"),
                      idf("esp_mbedtls_handshake", "esp-tls/esp_tls_mbedtls.c"), frame(caller),
                      frame("app_main")});
    };
    EXPECT_NE(hash(tls("fetch")), hash(tls("publish")));
    EXPECT_EQ(title(tls("fetch")), "Store to invalid address at 0x5 in fetch (main.c:10)");
    EXPECT_EQ(describe_crash(tls("fetch")).functions, (Names{"mbedtls_mpi_grow", "fetch"}));
    for (const auto* const file :
         {"/home/me/app/managed_components/lvgl__lvgl/src/core/lv_obj.c",
          "/home/me/Arduino/libraries/PubSubClient/src/PubSubClient.cpp",
          "/home/me/.cargo/registry/src/index.crates.io-6f17d22bba15001f/heapless-0.8.0/src/vec.rs",
          "C:\\Espressif\\frameworks\\esp-idf\\components\\lwip\\core\\pbuf.c"}) {
        const auto report = crash({frame("deep", file), frame("between", file), frame("mine")});
        EXPECT_EQ(title(report), "Store to invalid address at 0x5 in mine (main.c:10)") << file;
        EXPECT_EQ(describe_crash(report).functions, (Names{"deep", "mine"})) << file;
    }
}

TEST(SignatureRules, LocalFunctionsCarryTheirFile) {
    const auto handler = [](const std::string& file) {
        auto frame = test::frame("handler", file);
        frame.local = true;
        return crash({frame, test::frame("dispatch")});
    };
    EXPECT_NE(hash(handler("/app/main/wifi.c")), hash(handler("/app/main/mqtt.c")));
    EXPECT_EQ(hash(handler("/app/main/wifi.c")), hash(handler("C:\\ci\\main\\wifi.c")));
    EXPECT_EQ(describe_crash(handler("/app/wifi.c")).functions.front(), "handler (wifi.c)");
}

/// Identical functions are made one, and which of them has the body may differ between builds.
TEST(SignatureRules, FunctionsThatBecameOneHaveOneName) {
    const auto merged = [](const std::string& name, const std::string& twin) {
        auto one = frame(name);
        one.twins = {twin};
        return crash({one, frame("app_main")});
    };
    EXPECT_EQ(hash(merged("read_left", "read_right")), hash(merged("read_right", "read_left")));
    EXPECT_EQ(describe_crash(merged("read_right", "read_left")).functions,
              (Names{"read_left", "app_main"}));
    EXPECT_EQ(title(merged("read_right", "read_left")), title(crash(frames({"read_right"}))));
    EXPECT_EQ(hash(merged("send", "send.constprop.0")), hash(crash(frames({"send", "app_main"}))));
}

TEST(SignatureRules, WhoWasCalledCountsEvenIfItLeftByAJump) {
    auto jumped = frames({"store", "run"});
    jumped.front().called_instead = frames({"by_pointer"});
    EXPECT_EQ(hash(crash(jumped)), hash(crash(frames({"store", "by_pointer", "run"}))));
    auto known = frames({"store", "by_pointer", "run"});
    known[1].tail_call = true;
    EXPECT_EQ(hash(crash(known)), hash(crash(jumped)));
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
