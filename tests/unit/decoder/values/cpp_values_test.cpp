// Values of the types that C++ has and C lacks against gdb's: the variables of
// tests/data/values/values_cpp.cpp as `LC_ALL=C gdb -ex "output NAME"` shows them. Of gdb's own
// shortcomings is nothing here: it does not read complex integers and nullptr_t, shows all of an
// array of wide characters, and puts the type before some pointers.

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/values/program_variables.hpp"
#include "decoder/values/raw_value.hpp"

namespace coredepot::decoder {
namespace {

class CppValuesTest : public ProgramVariables {
  protected:
    CppValuesTest() : ProgramVariables{"values-cpp.elf"} {}

    void expect(const std::map<std::string, std::string>& values) {
        for (const auto& [name, text] : values) {
            EXPECT_EQ(value(name), text) << name;
        }
    }

    /// What a variable of the type of `name` with these bits says.
    std::string written(const std::string& name, std::uint64_t bits) {
        auto die = variable(name);
        const auto type = type_of(die).value();
        Contents contents;
        contents.append(std::as_bytes(std::span{&bits, 1}).first(type_size(type).value()));
        return ValueText{KnownMemory{ram_, elf_}, symbols_, deadline_}.write(type, contents);
    }
};

/// The same where classes are described in type units of their own.
class CppTypeUnitsTest : public ProgramVariables {
  protected:
    CppTypeUnitsTest() : ProgramVariables{"values-cpp-types.elf"} {}
};

TEST_F(CppValuesTest, EnumeratorsHaveTheirScope) {
    expect({
        {"mode", "heating::Mode::Eco"},
        {"no_such_mode", "(heating::Mode::Eco | unknown: 0x8)"},
        {"plain", "heating::FLAG_B"},
        {"flags", "(heating::FLAG_A | heating::FLAG_B)"},
        {"top", "Top::Two"},
        {"bits", "(Bits::A | Bits::C)"},
        {"odd_bits", "(Bits::A | unknown: 0x8)"},
        {"state", "heating::Valve::State::Open"},
        {"valve",
         "{_vptr.Valve = 0x0, position = 0, limit = 0, state = "
         "heating::Valve::State::Shut}"},
    });
}

/// What a class inherits is its own.
TEST_F(CppValuesTest, BaseClassesAreOpened) {
    EXPECT_EQ(value("boiler"),
              "{<heating::Pump> = {speed = 0}, <heating::Valve> = {_vptr.Valve = 0x0, position = "
              "0, limit = 0, "
              "state = heating::Valve::State::Shut}}");
    EXPECT_EQ(type("boiler"), "Boiler");
}

TEST_F(CppTypeUnitsTest, BaseClassesAreOpened) {
    EXPECT_EQ(value("boiler").substr(0, 48), "{<heating::Pump> = {speed = 0}, <heating::Valve>");
    EXPECT_EQ(type("boiler"), "Boiler");
}

TEST_F(CppValuesTest, NullPointersOfTheirOwnType) {
    expect({{"null", "0x0"}, {"with_null", "{a = 1, n = 0x0}"}});
    EXPECT_EQ(type("null"), "decltype(nullptr)");
}

TEST_F(CppValuesTest, PointersToMembers) {
    expect({
        {"member", "&heating::Valve::limit"},
        {"no_member", "NULL"},
        {"inherited", "&heating::Valve::limit"},
    });
    EXPECT_EQ(written("member", 6), "6");  // within a member
    EXPECT_EQ(type("member"), "int Valve::*");
}

TEST_F(CppValuesTest, PointersToMemberFunctions) {
    expect({
        {"method", "0x4200003a <heating::Valve::turn(int)>"},
        {"virtual_method", "&virtual heating::Valve::close()"},
        {"no_method", "NULL"},
        {"adjusted", "0x42000042 <heating::Pump::run(int)>, this adjustment 16"},
    });
    EXPECT_EQ(written("virtual_method", 41), "&virtual table offset 40");
    EXPECT_EQ(type("method"), "void (Valve::*)()");
}

TEST_F(CppValuesTest, WideCharacters) {
    expect({
        {"letter16", "97 u'a'"},
        {"umlaut16", "252 u'\\374'"},
        {"letter32", "98 U'b'"},
        {"smile32", "128512 U'\\x1f600'"},
        {"wide", "119 L'w'"},
        {"wide_newline", "10 L'\\n'"},
        {"wide_umlaut", "252 L'\\374'"},
        {"nul16", "0 u'\\000'"},
        {"surrogate16", "55296 u'\\xd800'"},
        {"invalid32", "1114112 U'\\x110000'"},
    });
    EXPECT_EQ(written("wide", 0xFFFFFFFF), "-1 L'\\xffffffff'");
}

TEST_F(CppValuesTest, WideStrings) {
    expect({
        {"text8", R"(0x3c000000 "gr\303\274\303\237")"},
        {"text16", R"(0x3c000008 u"say \"hi\"\n\374")"},
        {"text32", R"(0x3c000020 U"deep\x1f600")"},
        {"wide_text", R"(0x3c000038 L"wide\x20ac")"},
        {"null16", "0x0"},
        {"array16", R"(u"abc")"},
        {"full16", R"(u"abc")"},
        {"array_wide", R"(L"xy")"},
        {"zeros", R"(U"")"},
    });
    EXPECT_EQ(value("array16", 6), "<unreadable>");
    EXPECT_EQ(written("text16", 0x1000), "0x1000 <error: Cannot access memory at address 0x1000>");
}

TEST_F(CppValuesTest, ComplexNumbers) {
    expect({
        {"complex_int", "3 + 4i"},
        {"complex_short", "3 + 4i"},
        {"complex_float", "1.5 + -2i"},
        {"complex_double", "0.5 + 2.25i"},
    });
    EXPECT_EQ(value("complex_double", 8), "<unreadable>");
    EXPECT_EQ(written("complex_int", 0x7FFFFFFFFFFFFFFF), "-1 + 2147483647i");
    // GCC calls the other types __unknown__: whether they are signed is not known.
    EXPECT_EQ(written("complex_short", 0xFFFF), "<unknown>");
}

/// Half of a complex number is none.
TEST_F(CppValuesTest, AComplexNumberIsNoRawNumber) {
    auto die = variable("complex_short");
    Contents contents;
    contents.append_gap(type_size(type_of(die).value()).value(), Gap::None);
    EXPECT_EQ(raw_number(type_of(die).value(), contents), std::nullopt);
}

TEST_F(CppValuesTest, ReferencesToWhatTheDumpLacks) {
    const std::uint32_t target = address(variable("target"));
    EXPECT_EQ(written("reference", target), '@' + hex(target) + ": 7");
    EXPECT_EQ(written("reference", 0x1000),
              "@0x1000: <error: Cannot access memory at address 0x1000>");
}

}  // namespace
}  // namespace coredepot::decoder
