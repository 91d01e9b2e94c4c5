#include "decoder/elf/demangle.hpp"

#include <string>

#include <gtest/gtest.h>

#include "decoder/bytes/printable.hpp"

namespace coredepot::decoder {
namespace {

TEST(Demangle, SymbolsOfCAreShownAsTheyAre) {
    EXPECT_EQ(readable_name("app_main"), "app_main");
    EXPECT_EQ(readable_name("_Zero"), "_Zero");
    EXPECT_EQ(readable_name("_Z"), "_Z");
}

TEST(Demangle, CppLosesParametersAndReturnType) {
    EXPECT_EQ(readable_name("_ZN3net6Socket7connectEPKct"), "net::Socket::connect");
    EXPECT_EQ(readable_name("_ZNK3net6Socket4portEv"), "net::Socket::port");
    EXPECT_EQ(readable_name("_Z3addIiET_S0_S0_"), "add<int>");
    EXPECT_EQ(readable_name("_ZN12_GLOBAL__N_13runEi"), "(anonymous namespace)::run");
    EXPECT_EQ(readable_name("_ZN3FoocviEv"), "Foo::operator int");
    EXPECT_EQ(readable_name("_ZN3FooclEi"), "Foo::operator()");
    EXPECT_EQ(readable_name("_ZZ3foovENKUlvE_clEv"), "foo()::{lambda()#1}::operator()");
}

TEST(Demangle, InValuesKeepTheirParameters) {
    EXPECT_EQ(full_name("app_main"), "app_main");
    EXPECT_EQ(full_name("_ZN3net6Socket7connectEPKct"),
              "net::Socket::connect(char const*, unsigned short)");
    EXPECT_EQ(full_name("_ZN12_GLOBAL__N_14poolE"), "(anonymous namespace)::pool");
}

TEST(Demangle, OfUnreasonableLengthAreNotDemangled) {
    const std::string name = "_Z1f" + std::string(5000, 'P') + 'v';
    EXPECT_EQ(readable_name(name), name.substr(0, kMaxPrintable));
}

}  // namespace
}  // namespace coredepot::decoder
