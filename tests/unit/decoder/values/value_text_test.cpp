// Values against gdb's: the variables of tests/data/values/values.c as `gdb -ex "print NAME"` shows
// them, but for pointers without the type that gdb puts before some.

#include "decoder/values/value_text.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/values/c_literal.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/program_variables.hpp"

namespace coredepot::decoder {
namespace {

class ValueTextTest : public ProgramVariables {
  protected:
    ValueTextTest() : ProgramVariables{"values.elf"} {}
};

TEST_F(ValueTextTest, Numbers) {
    const std::map<std::string, std::string> expected = {
        {"negative", "-42"},
        {"large", "4000000000"},
        {"long_negative", "-5000000000"},
        {"long_large", "18364758544493064720"},
        {"letter", "97 'a'"},
        {"newline", "10 '\\n'"},
        {"below", "-1 '\\377'"},
        {"small_number", "200 '\\310'"},
        {"yes", "true"},
        {"no", "false"},
        {"pi", "3.14159274"},
        {"tenth", "0.10000000000000001"},
        {"temperature", "21"},
    };
    for (const auto& [name, text] : expected) {
        EXPECT_EQ(value(name), text) << name;
    }
}

/// As gdb: what tells one kind of them from another is in the bits.
TEST_F(ValueTextTest, FloatsThatAreNoNumbers) {
    const auto written = [&](const std::string& name, std::uint64_t bits) {
        auto die = variable(name);
        const auto type = type_of(die).value();
        const std::size_t size = type_size(type).value();
        Contents contents;
        contents.append(std::as_bytes(std::span{&bits, 1}).first(size));
        return ValueText{KnownMemory{ram_, elf_}, symbols_, deadline_}.write(type, contents);
    };
    EXPECT_EQ(written("pi", 0x7FC00000), "nan(0x400000)");
    EXPECT_EQ(written("pi", 0xFFC00000), "-nan(0x400000)");
    EXPECT_EQ(written("pi", 0xFF800000), "-inf");
    EXPECT_EQ(written("tenth", 0x7FF8000000000000), "nan(0x8000000000000)");
}

TEST_F(ValueTextTest, Enumerators) {
    EXPECT_EQ(value("boost"), "MODE_BOOST");
    EXPECT_EQ(value("unset"), "MODE_UNSET");
    EXPECT_EQ(value("no_such_mode"), "3");
    EXPECT_EQ(value("some_flags"), "(FLAG_A | FLAG_C)");
}

/// As gdb: bits without a name are told, and a type without negative enumerators has no negative
/// values.
TEST_F(ValueTextTest, EnumerationsWithoutAName) {
    const auto written = [&](const std::string& name, std::uint32_t number) {
        auto die = variable(name);
        Contents contents;
        contents.append(std::as_bytes(std::span{&number, 1}));
        return ValueText{KnownMemory{ram_, elf_}, symbols_, deadline_}.write(type_of(die).value(),
                                                                             contents);
    };
    EXPECT_EQ(written("some_flags", 0xA), "(FLAG_B | unknown: 0x8)");
    EXPECT_EQ(written("some_flags", 0x80000000), "(unknown: 0x80000000)");
    EXPECT_EQ(written("some_flags", 0), "0");
    EXPECT_EQ(written("unset", 0xFFFFFFFE), "-2");
}

TEST_F(ValueTextTest, Pointers) {
    EXPECT_EQ(value("text"), R"(0x3c000000 "say \"hi\"\n\001")");
    EXPECT_EQ(value("nothing"), "0x0");
    EXPECT_EQ(value("number_pointer"), "0x3fc80000 <negative>");
    EXPECT_EQ(value("inside"), "0x3fc80002 <negative+2>");
    EXPECT_EQ(value("callback"), "0x42000000 <on_event>");
}

TEST_F(ValueTextTest, Arrays) {
    EXPECT_EQ(value("exact"), "\"abc\"");
    EXPECT_EQ(value("short_text"), "\"ab\"");
    EXPECT_EQ(value("few"), "{1, 2, 3}");
    EXPECT_EQ(value("many"), "{1, 2, 3, 4, 5, 6, 7, 8...}");
    EXPECT_EQ(value("points"), "{{...}, {...}}");
}

/// Each dimension has braces of its own, and text stays text.
TEST_F(ValueTextTest, ArraysOfArrays) {
    EXPECT_EQ(value("board"), "{{1, 2, 3}, {4, 5, 6}}");
    EXPECT_EQ(value("labels"), R"({"ab", "", "12345678"})");
    EXPECT_EQ(value("cube"), "{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}");
    EXPECT_EQ(value("board", 8), "{{1, 2, 3}, {4, <unreadable>, <unreadable>}}");
}

/// Bytes are told from text by their type: a NUL in the middle of them is one of them.
TEST_F(ValueTextTest, ArraysOfBytes) {
    const auto written = [&](const std::string& name, test::Bytes bytes) {
        auto die = variable(name);
        Contents contents;
        bytes.resize(type_size(type_of(die).value()).value());
        contents.append(bytes);
        return ValueText{KnownMemory{ram_, elf_}, symbols_, deadline_}.write(type_of(die).value(),
                                                                             contents);
    };
    EXPECT_EQ(written("word", {std::byte{0}, std::byte{0}, std::byte{0xC0}, std::byte{'?'}}),
              R"({whole = 1069547520, bytes = "\000\000\300?"})");
    EXPECT_EQ(written("word", {}), R"({whole = 0, bytes = "\000\000\000"})");
    EXPECT_EQ(written("exact", {}), R"("")");
    EXPECT_EQ(written("short_text", {std::byte{0}, std::byte{'x'}}),
              R"("\000x\000\000\000\000\000")")
        << "it begins like an empty text, and is none";
    EXPECT_EQ(written("short_text", {std::byte{'a'}, std::byte{0}, std::byte{'x'}}), R"("a")");
}

TEST_F(ValueTextTest, Structures) {
    EXPECT_EQ(value("corner"), "{x = -3, y = 4}");
    EXPECT_EQ(value("bits"), "{low = 5, signed_field = -3, wide = 70000, mode = MODE_BOOST}");
    EXPECT_EQ(value("word"), R"({whole = 16909060, bytes = "\004\003\002\001"})");
    EXPECT_EQ(value("device"),
              R"({name = 0x3c00000c "bath", label = "heater", at = {...}, raw = "\t\b\a", )"
              "ready = true, samples = {10, 11, 0, 0, 0, 0, 0, 0...}, next = 0x3fc800b0 <device>}");
}

TEST_F(ValueTextTest, WhatIsNotKnownIsSaid) {
    EXPECT_EQ(value("negative", 2), "<unreadable>");
    EXPECT_EQ(value("corner", 2), "{x = -3, y = <unreadable>}");
    EXPECT_EQ(value("corner", 0), "<unreadable>");
    EXPECT_EQ(value("few", 4), "{1, 2, <unreadable>}");
    EXPECT_EQ(gap_text(Gap::OptimizedOut), "<optimized out>");
}

/// A string outside of dump and flash; RAM is not read from the ELF.
TEST_F(ValueTextTest, MemoryThatTheDumpLacks) {
    Dwarf_Die die = variable("text");
    Contents contents;
    const std::uint32_t pointer = address(variable("short_text"));
    contents.append(std::as_bytes(std::span{&pointer, 1}));
    const Memory empty;
    const KnownMemory memory{empty, elf_};
    const ValueText values{memory, symbols_, deadline_};
    EXPECT_TRUE(values.write(type_of(die).value(), contents)
                    .ends_with("<error: Cannot access memory at address " + hex(pointer) + '>'));
}

TEST_F(ValueTextTest, TypeNames) {
    EXPECT_EQ(type("text"), "const char *");
    EXPECT_EQ(type("callback"), "callback_t");
    EXPECT_EQ(type("temperature"), "volatile const temperature_t");
    EXPECT_EQ(type("few"), "uint16_t [3]");
    EXPECT_EQ(type("board"), "int16_t [2][3]");
    EXPECT_EQ(type("titles"), "const char *const [2]");
    EXPECT_EQ(type("device"), "struct device");
    EXPECT_EQ(type("boost"), "enum mode");
    EXPECT_EQ(type("word"), "union word");
}

TEST(QuotedBytes, CountsWhatRepeats) {
    const auto bytes = [](const std::string& text) {
        return quoted_bytes(test::to_bytes(text), false);
    };
    EXPECT_EQ(bytes(""), R"("")");
    EXPECT_EQ(bytes(std::string(1, '\0')), R"("")");
    EXPECT_EQ(bytes(std::string(16, '\0')), R"('\000' <repeats 15 times>)");
    EXPECT_EQ(bytes("ab" + std::string(11, '\'') + "\"c"),
              R"("ab", '\'' <repeats 11 times>, "\"c")");
    EXPECT_EQ(bytes(std::string(10, 'x')), R"("xxxxxxxxxx")");
    EXPECT_EQ(quoted_bytes(test::to_bytes(std::string("a\0", 2)), true), R"("a\000"...)");
}

TEST(QuotedString, IsBoundedAndPrintable) {
    EXPECT_EQ(quoted_string(test::to_bytes(std::string("a\0b", 3))), "\"a\"");
    EXPECT_EQ(quoted_string(test::to_bytes("never ends")), "\"never ends\"...");
    EXPECT_EQ(quoted_string(test::to_bytes(std::string("\x1b[2J\xff", 6))), "\"\\033[2J\\377\"");
    const std::string text = quoted_string(test::to_bytes(std::string(1000, 'x')));
    EXPECT_EQ(text, '"' + std::string(kMaxStringBytes, 'x') + "\"...");
}

}  // namespace
}  // namespace coredepot::decoder
