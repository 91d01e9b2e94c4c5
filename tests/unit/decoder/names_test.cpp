#include <gtest/gtest.h>

#include "decoder/arch/exception_names.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

TEST(Names, SymbolsOfCAreShownAsTheyAre) {
    EXPECT_EQ(readable_name("app_main"), "app_main");
    EXPECT_EQ(readable_name("_Zero"), "_Zero");
    EXPECT_EQ(readable_name("_Z"), "_Z");
}

TEST(Names, CppLosesParametersAndReturnType) {
    EXPECT_EQ(readable_name("_ZN3net6Socket7connectEPKct"), "net::Socket::connect");
    EXPECT_EQ(readable_name("_ZNK3net6Socket4portEv"), "net::Socket::port");
    EXPECT_EQ(readable_name("_Z3addIiET_S0_S0_"), "add<int>");
    EXPECT_EQ(readable_name("_ZN12_GLOBAL__N_13runEi"), "(anonymous namespace)::run");
    EXPECT_EQ(readable_name("_ZN3FoocviEv"), "Foo::operator int");
    EXPECT_EQ(readable_name("_ZN3FooclEi"), "Foo::operator()");
    EXPECT_EQ(readable_name("_ZZ3foovENKUlvE_clEv"), "foo()::{lambda()#1}::operator()");
}

TEST(Names, InValuesKeepTheirParameters) {
    EXPECT_EQ(full_name("app_main"), "app_main");
    EXPECT_EQ(full_name("_ZN3net6Socket7connectEPKct"),
              "net::Socket::connect(char const*, unsigned short)");
    EXPECT_EQ(full_name("_ZN12_GLOBAL__N_14poolE"), "(anonymous namespace)::pool");
}

TEST(Names, OfUnreasonableLengthAreNotDemangled) {
    const std::string name = "_Z1f" + std::string(5000, 'P') + 'v';
    EXPECT_EQ(readable_name(name), name.substr(0, kMaxPrintable));
}

TEST(Printable, KeepsUtf8AndNothingElse) {
    EXPECT_EQ(printable("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\xA1"), "café € 🌡");
    EXPECT_EQ(printable("a\nb\x1b[31mc\x7F"), "a?b?[31mc?");
    EXPECT_EQ(printable("a\u009b31mc\u202egnp.exe\u2028"), "a?31mc?gnp.exe?");
    EXPECT_EQ(printable(std::string_view{"main\0rubbish", 12}), "main");
    EXPECT_EQ(printable("\xC3("), "\uFFFD(");  // cut off
    EXPECT_EQ(printable(std::string(5000, 'x')), std::string(kMaxPrintable, 'x'));
}

TEST(Hex, Widths) {
    EXPECT_EQ(hex(0), "0x0");
    EXPECT_EQ(hex(0xFFFFFFFF), "0xffffffff");
    EXPECT_EQ(hex_address(0x1D), "0x0000001d");
    EXPECT_EQ(hex_address(0xFFFFFFFF), "0xffffffff");
}

TEST(ExceptionNames, OfBothArchitectures) {
    EXPECT_EQ(exception_name(Architecture::Xtensa, 29), "StoreProhibitedCause");
    EXPECT_EQ(exception_name(Architecture::RiscV, 2), "Illegal instruction");
    EXPECT_EQ(exception_name(Architecture::RiscV, 999), "unknown");
    EXPECT_EQ(exception_name(Architecture::Xtensa, 32), "Coprocessor0Disabled");
    EXPECT_EQ(exception_name(Architecture::Xtensa, 0xFFFF), "InvalidCauseRegister");
    EXPECT_EQ(exception_name(Architecture::RiscV, 0x1018), "Interrupt watchdog timeout on CPU 1");
}

}  // namespace
}  // namespace coredepot::decoder
