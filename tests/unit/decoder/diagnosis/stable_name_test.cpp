#include "decoder/diagnosis/stable_name.hpp"

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

TEST(StableName, LosesWhatTheCompilerAddsToACopy) {
    for (const auto* const name :
         {"store", "store.isra.0", "store.constprop.1", "store.part.2", "store.cold",
          "store.cold.3", "store.lto_priv.0", "store.llvm.1234567890", "store.isra.0.constprop.1",
          "store [clone .isra.0]", "store [clone .isra.0] [clone .cold]"}) {
        EXPECT_EQ(stable_name(name), "store") << name;
        EXPECT_EQ(without_clone_suffix(name), "store") << name;
    }
}

TEST(StableName, KeepsOtherDots) {
    const std::string variadic = "std::function<void (char const*, ...)>::operator()";
    EXPECT_EQ(without_clone_suffix(variadic), variadic);
    EXPECT_EQ(stable_name("log(char const*, ...)"), "log");
    EXPECT_EQ(stable_name("handler.cb"), "handler.cb");
    EXPECT_EQ(stable_name(".isra.0"), ".isra.0");
    EXPECT_EQ(stable_name("a.0"), "a.0");
}

TEST(StableName, HasNoTemplateArguments) {
    EXPECT_EQ(stable_name("Buffer<64u>::push"), "Buffer<T>::push");
    EXPECT_EQ(stable_name("ns::add<std::vector<int, A<B>>>"), "ns::add<T>");
    EXPECT_EQ(stable_name("f<&(g<int>)>"), "f<T>");
    EXPECT_EQ(stable_name("std::function<void (char const*, ...)>::operator()"),
              "std::function<T>::operator()");
}

TEST(StableName, KeepsOperators) {
    for (const auto* const name :
         {"A::operator<", "A::operator<<", "A::operator>>", "A::operator->", "A::operator()",
          "A::operator[]", "A::operator<=>", "operator new", "A::operator bool",
          "operators::run"}) {
        EXPECT_EQ(stable_name(name), name);
    }
    EXPECT_EQ(stable_name("A::operator< <int>"), "A::operator< <T>");
    EXPECT_EQ(stable_name("A<int>::operator()<char>"), "A<T>::operator()<T>");
}

TEST(StableName, ForgetsNumbersOfLambdas) {
    for (const auto* const name :
         {"setup(Config const&)::{lambda(int)#1}::operator()",
          "setup(Config const&)::{lambda(int)#3}::operator()(int) const",
          "setup(int)::{lambda(int)#2}::_FUN", "setup::{lambda(int)#1}::operator()<char>",
          "setup(int)::<lambda(int)>::operator()", "setup()::$_0::operator()",
          "setup()::$_12::__invoke", "setup()::'lambda1'(int)::operator()",
          "setup() const::{lambda()#1}::operator()"}) {
        EXPECT_EQ(stable_name(name), "setup::{lambda}") << name;
    }
    EXPECT_EQ(stable_name("a(int)::{lambda()#1}::operator()() const::{lambda()#2}::operator()"),
              "a::{lambda}::operator()::{lambda}");
    EXPECT_EQ(stable_name("(anonymous namespace)::handler(int)"), "(anonymous namespace)::handler");
}

TEST(StableName, OfRust) {
    EXPECT_EQ(stable_name("app::sensor::read::h0123456789abcdef"), "app::sensor::read");
    EXPECT_EQ(stable_name("app::run::{{closure}}"), "app::run::{closure}");
    EXPECT_EQ(stable_name("app::run::{closure#2}"), "app::run::{closure}");
    EXPECT_EQ(stable_name("<app::Sensor as app::Driver>::read"),
              "<app::Sensor as app::Driver>::read");
    EXPECT_EQ(stable_name("<app::Ring<u8> as app::Driver>::read"),
              "<app::Ring<T> as app::Driver>::read");
}

/// As its older and its newer way to mangle names have them.
TEST(StableName, OfRustIsOneHoweverItIsMangled) {
    for (const auto* const name :
         {"app::Ring<u8>::feed", "app::Ring<_>::feed", "<app::Ring<u8>>::feed",
          "app::board::<impl app::Ring<u8>>::feed", "<app::Ring<u8>>::feed::<4>"}) {
        EXPECT_EQ(stable_name(name), "app::Ring<T>::feed");
    }
    EXPECT_EQ(stable_name("app::feed::<u8>"), stable_name("app::feed"));
    for (const auto* const name :
         {"app::<impl app::Driver for app::Sensor>::read", "<app::Sensor as app::Driver>::read"}) {
        EXPECT_EQ(stable_name(name), "<app::Sensor as app::Driver>::read");
    }
    EXPECT_EQ(stable_name("<app::Sensor as app::Scale<u8>>::read::{closure#0}"),
              "<app::Sensor as app::Scale<T>>::read::{closure}");
    EXPECT_EQ(stable_name("<<app::Ring<u8>>::feed::{closure#1} as core::ops::FnOnce<()>>::call"),
              "<app::Ring<T>::feed::{closure} as core::ops::FnOnce<T>>::call");
    EXPECT_EQ(stable_name("<[u8]>::copy_from_slice"), "<[u8]>::copy_from_slice");
    EXPECT_EQ(stable_name("core::slice::<impl [T]>::len"), "core::slice::<impl [T]>::len");
}

// They are outside bytes.
TEST(StableName, OfNonsense) {
    for (const auto* const name : {"", "<", ">", "((((", "{lambda", "operator", "a<b", "'",
                                   "'lambda", "$_", "$", "a)", "[abi:", "f(int"}) {
        stable_name(name);
        without_clone_suffix(name);
    }
    stable_name(std::string(2048, '<'));
    EXPECT_EQ(stable_name("a<b"), "a<T>");
}

}  // namespace
}  // namespace coredepot::decoder
