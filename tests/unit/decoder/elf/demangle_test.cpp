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

/// Words of the standard's that are parts of other words.
TEST(Demangle, NamesThatContainOperator) {
    EXPECT_EQ(readable_name("_ZN10Cooperator4workIlEET_S1_"), "Cooperator::work<long>");
    EXPECT_EQ(readable_name("_ZN3FooplIiEET_S1_"), "Foo::operator+<int>");
    EXPECT_EQ(readable_name("_ZN3FooltIiEEbT_"), "Foo::operator< <int>");
    EXPECT_EQ(readable_name("_ZN10CooperatorcvPKcEv"), "Cooperator::operator char const*");
}

TEST(Demangle, RustLosesItsHash) {
    EXPECT_EQ(readable_name("_ZN4core9panicking9panic_fmt17h0123456789abcdefE"),
              "core::panicking::panic_fmt");
    EXPECT_EQ(readable_name("_ZN54_$LT$sensor..Bus$u20$as$u20$sensor..Read$LT$u8$GT$$GT$4read"
                            "17h930b740aa94f1d3aE"),
              "<sensor::Bus as sensor::Read<u8>>::read");
    EXPECT_EQ(readable_name("_RNvMNtCs9phS9HZDOFK_6sensor3netINtB2_6ParsermE5parse"),
              "<sensor::net::Parser<u32>>::parse");
    EXPECT_EQ(readable_name("_RINvNtCs9phS9HZDOFK_6sensor3net10read_fieldhEB4_"),
              "sensor::net::read_field::<u8>");
    EXPECT_EQ(full_name("_RNvNtCs9phS9HZDOFK_6sensor3net4pool"), "sensor::net::pool");
    EXPECT_EQ(readable_name("_Report"), "_Report");
}

/// Each tuple holds the one before it twice.
TEST(Demangle, OfNamesThatGrowBeyondAllBounds) {
    std::string name = "_RINvC1a1f";
    for (int i = 0; i < 40; ++i) {
        name += "TB2_B2_E";
    }
    name += 'E';
    EXPECT_EQ(readable_name(name), name);
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
