// Which functions of a backtrace count for a signature, and by what names: cases as lists of
// frames. What happened counts in signature_rules_test.cpp.

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

TEST(SignatureFunctions, StandardLibraryTakesNoPlace) {
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

TEST(SignatureFunctions, LambdasOfOneFunctionAreOne) {
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

TEST(SignatureFunctions, TemplateArgumentsDoNotCount) {
    EXPECT_EQ(hash(crash(frames({"Buffer<64>::push", "run"}))),
              hash(crash(frames({"Buffer<128>::push", "run"}))));
    EXPECT_NE(hash(crash(frames({"Buffer<64>::push", "run"}))),
              hash(crash(frames({"Buffer<64>::pop", "run"}))));
}

TEST(SignatureFunctions, RustPanicsAreOfTheApplication) {
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

TEST(SignatureFunctions, APanicHandlerOfTheApplicationsOwnIsNoPlace) {
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

TEST(SignatureFunctions, TitlesKeepDotsThatAreNoSuffix) {
    EXPECT_EQ(title(crash(frames({"Sink<std::function<void (char const*, ...)> >::put.isra.0"}))),
              "Store to invalid address at 0x5 in "
              "Sink<std::function<void (char const*, ...)> >::put (main.c:10)");
}

TEST(SignatureFunctions, LocalFunctionsCarryTheirFile) {
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
TEST(SignatureFunctions, FunctionsThatBecameOneHaveOneName) {
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

TEST(SignatureFunctions, WhoWasCalledCountsEvenIfItLeftByAJump) {
    auto jumped = frames({"store", "run"});
    jumped.front().called_instead = frames({"by_pointer"});
    EXPECT_EQ(hash(crash(jumped)), hash(crash(frames({"store", "by_pointer", "run"}))));
    auto known = frames({"store", "by_pointer", "run"});
    known[1].tail_call = true;
    EXPECT_EQ(hash(crash(known)), hash(crash(jumped)));
}

TEST(SignatureFunctions, ALibraryIsOfWhoCalledIt) {
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

TEST(SignatureFunctions, ATeamNamesFunctionsToPassOver) {
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

}  // namespace
}  // namespace coredepot::decoder
