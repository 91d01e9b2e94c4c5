// Functions that were written inside of others, where their debug information is, too:
// tests/data/nested/nested.cpp.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kStack = 0x3FC90000;
constexpr std::uint32_t kTcb = 0x3FC8F000;

/// The frames of a crash at `pc`.
std::vector<Frame> frames_at(std::uint32_t pc) {
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Bytes(64));
    core.task(kTcb, test::riscv_registers(pc, 0, kStack));
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/nested/nested.elf";
    return decode(core.build(), elf, "esp32c3").tasks.at(0).frames;
}

/// `function(argument, argument):line`, innermost first; `inline` before what is inlined.
std::string shape(const std::vector<Frame>& frames) {
    std::string text;
    for (const Frame& frame : frames) {
        std::string arguments;
        for (const Variable& argument : frame.args) {
            arguments += (arguments.empty() ? "" : ", ") + argument.name;
        }
        text += (text.empty() ? "" : " < ") + std::string{frame.inlined ? "inline " : ""} +
                frame.function + '(' + arguments + "):" + std::to_string(frame.line);
    }
    return text;
}

TEST(NestedFunctions, MethodOfALocalClass) {
    EXPECT_EQ(shape(frames_at(0x42000000)), "Helper::go(this, m):28");
}

TEST(NestedFunctions, LambdaInALambda) {
    EXPECT_EQ(shape(frames_at(0x4200001A)),
              "inline operator()(w, __closure):40 < operator()(__closure, v):42");
}

TEST(NestedFunctions, KnowWhatTheyAreIn) {
    EXPECT_EQ(frames_at(0x42000000).at(0).within, "with_local_class");
    const auto lambdas = frames_at(0x4200001A);
    EXPECT_EQ(lambdas.at(0).within, "with_lambda::{lambda}");
    EXPECT_EQ(lambdas.at(1).within, "with_lambda");
    EXPECT_EQ(frames_at(0x420000B4).at(0).within, "");
}

TEST(NestedFunctions, TemplateOfAClassWhoseNameContainsOperator) {
    EXPECT_EQ(shape(frames_at(0x420000B4)), "Cooperator::work<long>(this, x):14");
}

}  // namespace
}  // namespace coredepot::decoder
