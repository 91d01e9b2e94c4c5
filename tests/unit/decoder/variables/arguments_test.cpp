// Arguments that are in no register of the core dump: arguments.c and removed.c of
// tests/data/arguments.

#include <algorithm>
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

constexpr std::uint32_t kTcb = 0x3FC8F000;
constexpr std::uint32_t kStack = 0x3FC90000;

std::vector<Frame> frames_of(const test::CoreBuilder& core, const char* name = "arguments.elf") {
    const auto elf = std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/arguments" / name;
    return decode(core.build(), elf, "esp32p4").tasks.at(0).frames;
}

/// No core dump holds these registers. Known is what another function has saved on its stack, and
/// what the call site passed.
TEST(Arguments, FloatsAreWhatFunctionsSavedOrWerePassed) {
    constexpr std::uint32_t kInFault = 0x42000004;
    constexpr std::uint32_t kInFilter = 0x4200001E;
    constexpr std::uint32_t kInOuter = 0x42000044;
    constexpr std::uint32_t kInStart = 0x42000086;
    constexpr std::uint32_t kOneAndAQuarter = 0x3FA00000;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Writer{}
                            .words({0, 0, 0, kOneAndAQuarter, 0, 0, 0, kInOuter})  // filter()
                            .words({0, 0, 0, 0, 0, 0, 0, kInStart})                // outer()
                            .words({0, 0, 0, 0})                                   // _start()
                            .content());
    core.task(kTcb, test::riscv_registers(kInFault, kInFilter, kStack));
    const auto frames = frames_of(core);
    ASSERT_EQ(frames.size(), 4U);
    const Variable& in_filter = frames.at(1).args.at(0);
    EXPECT_EQ(in_filter.name + " = " + in_filter.value + " from " + in_filter.entry_value,
              "k = <unknown> from 2.5");
    const Variable& in_outer = frames.at(2).args.at(0);
    EXPECT_EQ(in_outer.name + " = " + in_outer.value, "x = 1.25");
    EXPECT_EQ(in_outer.entry_value, "") << "the same";
}

/// Each call site says how what it passes follows from what its own function was passed, and so on
/// up to the first.
TEST(Arguments, HandedFromCallToCallAreFoundUpTheWholeStack) {
    constexpr std::uint32_t kEntry = 0x42000050;
    constexpr std::uint32_t kAfterCall = 0x4200005A;
    constexpr std::uint32_t kInStart = 0x42000096;
    constexpr int kDepth = 20;
    test::Writer stack;
    for (int i = 1; i < kDepth; ++i) {
        stack.words({0, 0, 0, kAfterCall});
    }
    stack.words({0, 0, 0, kInStart}).zeros(16);
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, stack.content());
    core.task(kTcb, test::riscv_registers(kEntry, kAfterCall, kStack));
    const auto frames = frames_of(core);
    ASSERT_EQ(frames.size(), kDepth + 2U);
    for (int depth = 1; depth <= kDepth; ++depth) {
        const auto& arguments = frames.at(static_cast<std::size_t>(depth)).args;
        EXPECT_EQ(arguments.at(0).value, std::to_string(depth));
        EXPECT_EQ(arguments.at(1).value, "0x3fc80000 <sink>");
    }
}

/// The arguments of handler(), which dispatch() has called through a pointer that is `callback`.
std::vector<std::string> passed_to_handler(std::uint32_t callback) {
    constexpr std::uint32_t kInFault = 0x42000004;
    constexpr std::uint32_t kInHandler = 0x420000AA;
    constexpr std::uint32_t kInDispatch = 0x420000D6;
    constexpr std::uint32_t kInDispatchAll = 0x42000100;
    constexpr std::size_t kS0 = 8;
    constexpr std::size_t kS1 = 9;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Writer{}
                            .words({0, 0, 0, kInDispatch})     // handler()
                            .words({0, 0, 0, kInDispatchAll})  // dispatch()
                            .words({0, 0, 0, 0})               // dispatch_all()
                            .content());
    auto registers = test::riscv_registers(kInFault, kInHandler, kStack);
    registers.at(kS0) = callback;
    registers.at(kS1) = 4;
    core.task(kTcb, registers);
    const auto frames = frames_of(core);
    std::vector<std::string> values;
    for (const Variable& argument : frames.at(1).args) {
        values.push_back(argument.value);
    }
    return values;
}

TEST(Arguments, PassedThroughAPointerAreKnownWhereThePointerIsKept) {
    constexpr std::uint32_t kHandler = 0x420000A2;
    EXPECT_EQ(passed_to_handler(kHandler), (std::vector<std::string>{"7", "0x3fc80000 <sink>"}));
}

/// What was called had then jumped to handler(), and may have passed it something else.
TEST(Arguments, PassedToAnotherFunctionAreNotTaken) {
    constexpr std::uint32_t kRecurse = 0x42000050;
    EXPECT_EQ(passed_to_handler(kRecurse),
              (std::vector<std::string>{"<optimized out>", "<optimized out>"}));
}

/// Two calls pass it two pointers, so that it is no constant either.
TEST(Arguments, ThatTheCompilerRemovedAreWhatTheCallSiteSays) {
    constexpr std::uint32_t kInFault = 0x42000004;
    constexpr std::uint32_t kInMeasure = 0x42000016;
    constexpr std::uint32_t kInStart = 0x42000046;
    test::CoreBuilder core{kMachineRiscV};
    core.memory(kStack, test::Writer{}
                            .words({0, 0, 7, kInStart})  // measure()
                            .words({0, 0, 0, 0})         // _start()
                            .content());
    core.task(kTcb, test::riscv_registers(kInFault, kInMeasure, kStack));
    const auto frames = frames_of(core, "removed.elf");
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames.at(1).function, "measure");
    const auto& arguments = frames.at(1).args;
    const auto counter = std::ranges::find(arguments, "counter", &Variable::name);
    ASSERT_NE(counter, arguments.end());
    EXPECT_EQ(counter->value, "0x3fc80004 <other>");
}

}  // namespace
}  // namespace coredepot::decoder
