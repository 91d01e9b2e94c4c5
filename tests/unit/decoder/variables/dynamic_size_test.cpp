// Arrays of a length that is calculated: tests/data/vla/vla.c.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kInFill = 0x42000172;   // at the first call
constexpr std::uint32_t kInStart = 0x420001B4;  // behind the call of fill()
constexpr std::uint32_t kFrameBytes = 112;
constexpr std::uint32_t kFramePointer = kStack + kFrameBytes;
constexpr std::size_t kS0 = 8;

constexpr std::uint32_t kNumbers = kStack + 0x200;
constexpr std::uint32_t kName = kStack + 0x220;
constexpr std::uint32_t kTable = kStack + 0x230;

/// The local variables of fill() where the last index of its arrays is `last`.
std::map<std::string, std::string> locals(std::uint32_t last) {
    test::Writer stack;
    stack.zeros(kFrameBytes - 88)
        .words({kTable, last, kName, last + 1, kNumbers, last})
        .zeros(64 - 8)
        .words({kFramePointer + 16, kInStart})
        .zeros(0x200 - kFrameBytes)
        .words({1, 2, 3, 4, 5, 6, 7, 8})
        .words({0x6C6C6568, 0x6F, 0, 0})
        .words({0xFFFF0001, 0x00040003, 0x00060005, 0x00080007});
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, stack.content());
    auto registers = test::riscv_registers(kInFill, kInStart, kStack);
    registers.at(kS0) = kFramePointer;
    core.task(kTcb, registers);
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/vla/vla.elf";
    const Report report = decode(core.build(), elf, "esp32c3");
    std::map<std::string, std::string> values;
    for (const Variable& variable : report.tasks.at(0).frames.at(0).locals) {
        values[variable.name] = variable.value;
    }
    return values;
}

TEST(DynamicSize, TheFrameTellsHowManyElementsThereAre) {
    auto values = locals(2);
    EXPECT_EQ(values["numbers"], "{1, 2, 3}");
    EXPECT_EQ(values["name"], R"("hell")");
    EXPECT_EQ(values["table"], "{{1, -1}, {3, 4}, {5, 6}}");
}

/// A stack that was overwritten: what it says is no length.
TEST(DynamicSize, WhatIsTooMuchForAStackIsUnknown) {
    auto values = locals(0x10000000);
    EXPECT_EQ(values["numbers"], "<unknown>");
    EXPECT_EQ(values["name"], "<unknown>");
    EXPECT_EQ(values["table"], "<unknown>");
}

/// clang keeps the length in a variable of its own. Registers and stack are as gdb shows them in
/// crash(), where the program runs under QEMU.
TEST(DynamicSize, ClangsLengthsAreVariables) {
    constexpr std::uint32_t kClangsStack = 0x408008F0;
    test::Writer stack;
    stack.words({0, 0, 0, 0x40800910, 0x40800920, 0x40800930, 0x40800970, 0x420000AC})
        .words({2, 0, 0, 0, 0x61, 0, 0, 0})
        .words({1, 0, 0, 0, 0, 0, 0x40800920, 0x40800930})
        .words({0x40800910, 3, 4, 3, 0x40800940, 3, 0x40800980, 0x420000E4})
        .zeros(64);
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kClangsStack, stack.content());
    auto registers = test::riscv_registers(0x42000014, 0x420000AC, kClangsStack);
    registers.at(kS0) = 0x40800910;
    core.task(0x40810000, registers);
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/vla/clang.elf";
    const Report report = decode(core.build(), elf, "esp32c6");
    std::map<std::string, std::string> values;
    for (const Variable& variable : report.tasks.at(0).frames.at(1).locals) {
        values[variable.name] = variable.value;
    }
    EXPECT_EQ(values["numbers"], "{1, 0, 0}");
    EXPECT_EQ(values["name"], R"("a")");
    EXPECT_EQ(values["table"], "{{2, 0}, {0, 0}, {0, 0}}");
}

TEST(DynamicSize, AnEmptyArrayHasNothingToShow) {
    auto values = locals(0xFFFFFFFF);
    EXPECT_EQ(values["numbers"], "<unknown>");
}

}  // namespace
}  // namespace coredepot::decoder
