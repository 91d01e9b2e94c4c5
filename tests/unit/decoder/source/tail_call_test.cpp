// Functions that left by a jump, and what they were called with: tests/data/values/values.c.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kInInnermost = 0x4200000E;
constexpr std::uint32_t kAfterSecondJump = 0x4200004A;  ///< where outer() goes on
constexpr std::uint32_t kAfterEither = 0x42000050;
constexpr std::uint32_t kAfterOuter = 0x42000068;  ///< where _start() goes on

/// A crash in innermost(), which returns to `return_address` in outer(), whose `value` is 5.
std::vector<Frame> frames(std::uint32_t return_address) {
    constexpr std::size_t kS1 = 9;
    auto registers = test::riscv_registers(kInInnermost, return_address, kStack);
    registers.at(kS1) = 5;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Writer{}.words({0, 0, 0, kAfterOuter, 0, 0, 0, 0}).content());
    core.task(kTcb, registers);
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/values/values.elf";
    return decode(core.build(), elf, "esp32c3").tasks.at(0).frames;
}

std::string shape(const std::vector<Frame>& frames) {
    std::string text;
    for (const Frame& frame : frames) {
        text += (text.empty() ? "" : " < ") + frame.function + (frame.tail_call ? "*" : "");
        for (const Variable& argument : frame.args) {
            text += '(' + argument.value + (argument.entry_value.empty() ? "" : " from ") +
                    argument.entry_value + ')';
        }
    }
    return text;
}

TEST(TailCall, FramesThatTheStackNoLongerHolds) {
    const auto backtrace = frames(kAfterSecondJump);
    EXPECT_EQ(shape(backtrace),
              "innermost(0 from 211) < first_jump*(210) < second_jump*(105) < outer(5) < _start");
    EXPECT_EQ(backtrace.at(1).pc, 0x42000022U);
    EXPECT_EQ(backtrace.at(1).file, "/values/values.c");
    EXPECT_GT(backtrace.at(1).line, 0);
}

/// Two ways lead from either() to innermost(): neither is shown.
TEST(TailCall, OfTwoWaysNeitherIsBelieved) {
    const auto backtrace = frames(kAfterEither);
    EXPECT_EQ(shape(backtrace), "innermost(0) < outer(5) < _start");
    ASSERT_EQ(backtrace.at(0).called_instead.size(), 1U) << "but outer() did call either()";
    EXPECT_EQ(backtrace.at(0).called_instead.at(0).function, "either");
    EXPECT_EQ(backtrace.at(0).called_instead.at(0).file, "/values/values.c");
    EXPECT_TRUE(backtrace.at(1).called_instead.empty());
}

}  // namespace
}  // namespace coredepot::decoder
