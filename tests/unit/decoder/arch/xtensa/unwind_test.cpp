// Walks over made-up stacks of Xtensa, as no public dump shows them: calls through bad pointers,
// corrupt stacks, mask ROM.

#include "decoder/arch/unwind.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/task_shape.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::decode_task;
using test::kStack;
using test::kTcb;
using test::shape;
using test::TemporaryFile;
using test::Writer;

// `first` at +0, `second` at +0x40, `third` at +0x80, each starting with ENTRY; an interrupt's
// entry at +0xC0.

constexpr std::uint32_t kXtensaCode = 0x40080000;
constexpr std::uint32_t kWindow8 = 2U << 30U;  // a return address of call8
constexpr std::uint32_t kPsCall8 = 2U << 16U | 0x20;

Bytes xtensa_application() {
    Bytes code(0x100);
    for (const std::size_t start : {0x00, 0x40, 0x80}) {
        code[start] = std::byte{0x36};
    }
    return test::application(kMachineXtensa, kXtensaCode, code,
                             {{"first", kXtensaCode, 0x40, false},
                              {"second", kXtensaCode + 0x40, 0x40, false},
                              {"third", kXtensaCode + 0x80, 0x40, false},
                              {"_xt_lowint1", kXtensaCode + 0xC0, 0x40, false},
                              {"rom_print", 0x40007D54, 0, true}});
}

constexpr std::uint32_t return_to(std::uint32_t address) {
    return (address & 0x3FFFFFFF) | kWindow8;
}

/// A stack on which the frame at kStack + 0x40 has callers with these (return address, stack
/// pointer) pairs, each in the base save area below the frame before.
Bytes base_save_areas(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& callers) {
    std::vector<std::uint32_t> words(0x100);
    std::uint32_t sp = kStack + 0x40;
    for (const auto& [return_address, caller_sp] : callers) {
        words.at((sp - 16 - kStack) / 4) = return_address;
        words.at((sp - 12 - kStack) / 4) = caller_sp;
        sp = caller_sp;
        if (sp < kStack + 16 || sp > kStack + 0x400) {
            break;
        }
    }
    return Writer{}.words(words).content();
}

Task xtensa(std::uint32_t pc, std::uint32_t a0, const Bytes& stack, std::uint32_t a8 = 0) {
    return decode_task(
        kMachineXtensa, xtensa_application(),
        test::xtensa_registers(pc, kPsCall8, {a0, kStack + 0x40, 0, 0, 0, 0, 0, 0, a8}), stack);
}

TEST(UnwindXtensa, ToTheOutermostFrame) {
    const Task task = xtensa(
        kXtensaCode + 0x10, return_to(kXtensaCode + 0x50),
        base_save_areas({{return_to(kXtensaCode + 0x90), kStack + 0x80}, {0, kStack + 0xC0}}));
    EXPECT_EQ(shape(task), "first second third ");
    EXPECT_EQ(task.name, "loop");
    EXPECT_EQ(task.stack_used, 0x400U);
}

/// The call is the last instruction of `first`, which never returns.
TEST(UnwindXtensa, ReturnAddressOfANoreturnCall) {
    const Task task = xtensa(kXtensaCode + 0x90, return_to(kXtensaCode + 0x40),
                             base_save_areas({{0, kStack + 0x80}}));
    EXPECT_EQ(shape(task), "third first ");
    EXPECT_EQ(task.frames.at(1).pc, kXtensaCode + 0x40);
}

TEST(UnwindXtensa, ThroughMaskRom) {
    const Task task = xtensa(
        kXtensaCode + 0x10, return_to(0x40007D60),
        base_save_areas({{return_to(kXtensaCode + 0x90), kStack + 0x80}, {0, kStack + 0xC0}}));
    EXPECT_EQ(shape(task), "first rom_print third ");
}

/// `second` called a null pointer: the window has not turned, and its own address is in a8.
TEST(UnwindXtensa, CallOfANullPointer) {
    const Task task = xtensa(0, return_to(kXtensaCode + 0x90),
                             base_save_areas({{0, kStack + 0x80}}), return_to(kXtensaCode + 0x50));
    EXPECT_EQ(shape(task), "0 second third ");
}

TEST(UnwindXtensa, CrashAtTheEntryOfAFunction) {
    const Task task = xtensa(kXtensaCode, return_to(kXtensaCode + 0x90),
                             base_save_areas({{0, kStack + 0x80}}), return_to(kXtensaCode + 0x50));
    EXPECT_EQ(shape(task), "first second third ");
}

/// Behind the entry is the stack of the task that the interrupt came upon.
TEST(UnwindXtensa, EndsWhereAnInterruptBegins) {
    const auto caller = return_to(kXtensaCode + 0x90);
    EXPECT_EQ(shape(xtensa(kXtensaCode + 0x10, return_to(kXtensaCode + 0xD0),
                           base_save_areas({{caller, kStack}}))),
              "first _xt_lowint1 ");
}

TEST(UnwindXtensa, EndsEarlyWithAReason) {
    EXPECT_EQ(shape(xtensa(kXtensaCode + 0x10, 0x12345678, base_save_areas({}))),
              "first the return address 0x12345678 is not code");
    EXPECT_EQ(shape(xtensa(kXtensaCode + 0x10, return_to(kXtensaCode + 0x50),
                           base_save_areas({{return_to(kXtensaCode + 0x90), kStack}}))),
              "first second the stack pointer does not rise after 0x3fc80040");
    EXPECT_EQ(shape(xtensa(kXtensaCode + 0x10, return_to(kXtensaCode + 0x50),
                           base_save_areas({{return_to(kXtensaCode + 0x90), 0x3FD00000}}))),
              "first second third the dump does not hold the stack at 0x3fd00000");
}

TEST(UnwindXtensa, CorruptTask) {
    const Task task = decode_task(
        kMachineXtensa, xtensa_application(),
        test::xtensa_registers(kXtensaCode + 0x10, kPsCall8, {0x80080050, 0x20000040}), Bytes(16));
    EXPECT_EQ(task.unwind_end, "the stack of this task was corrupt when the device wrote the dump");
    // As the device really writes it: it takes its frame for one of another kind.
    const Task shifted = decode_task(kMachineXtensa, xtensa_application(),
                                     test::xtensa_registers(0x20000000, 0x30, {0x20000064, 0}), {});
    EXPECT_EQ(shifted.unwind_end,
              "the stack of this task was corrupt when the device wrote the dump");
}

/// A stack with room for `depth` frames of `second`, 32 bytes each, the last of which `third`
/// called.
Bytes recursion(std::size_t depth) {
    std::vector<std::uint32_t> words(0x10 + 8 * (depth + 2));
    std::uint32_t sp = kStack + 0x40;
    for (std::size_t i = 0; i < depth; ++i) {
        const bool last = i + 1 == depth;
        words.at((sp - 16 - kStack) / 4) = return_to(kXtensaCode + (last ? 0x90 : 0x50));
        words.at((sp - 12 - kStack) / 4) = sp + 32;
        sp += 32;
    }
    words.at((sp - 12 - kStack) / 4) = sp + 32;
    return Writer{}.words(words).content();
}

/// What began it is as telling as how it ended.
TEST(UnwindXtensa, TheMiddleOfARunawayRecursionIsFolded) {
    const Task task = xtensa(kXtensaCode + 0x50, return_to(kXtensaCode + 0x50), recursion(1000));
    EXPECT_LT(task.frames.size(), kMaxFrames);
    const std::size_t folded = task.frames.at(kInnermostFrames).folded;
    EXPECT_EQ(task.frames.size() + folded, 1002U);
    EXPECT_EQ(task.frames.front().function, "second");
    EXPECT_EQ(task.frames.back().function, "third");
    EXPECT_EQ(task.unwind_end, "");
    for (std::size_t i = 0; i < task.frames.size(); ++i) {
        EXPECT_EQ(task.frames[i].folded, i == kInnermostFrames ? folded : 0);
    }
}

TEST(UnwindXtensa, AWalkEndsSomewhere) {
    const Task task = xtensa(kXtensaCode + 0x50, return_to(kXtensaCode + 0x50), recursion(20'000));
    EXPECT_LT(task.frames.size(), kMaxFrames);
    EXPECT_EQ(task.unwind_end, "more than 16384 frames");
}

/// Tasks of a hostile dump may share one stack.
TEST(UnwindXtensa, RunawayRecursionOfManyTasksIsCapped) {
    std::vector<std::uint32_t> words(0x4000);
    for (std::size_t i = 0; i + 8 < words.size(); i += 4) {
        words[i] = return_to(kXtensaCode + 0x50);
        words[i + 1] = kStack + static_cast<std::uint32_t>(i * 4) + 32;
    }
    test::CoreBuilder core{kMachineXtensa};
    core.memory(kStack, Writer{}.words(words).content());
    for (std::uint32_t i = 0; i < 1000; ++i) {
        core.task(kTcb + i * 4,
                  test::xtensa_registers(kXtensaCode + 0x50, kPsCall8,
                                         {return_to(kXtensaCode + 0x50), kStack + 16}));
    }
    const TemporaryFile application{xtensa_application()};
    const Report report = decode(core.build(), application.path(), "");
    ASSERT_EQ(report.tasks.size(), 1000U);
    EXPECT_GT(report.tasks.front().frames.size(), kInnermostFrames);
    EXPECT_TRUE(report.tasks.back().frames.empty());
    EXPECT_EQ(report.tasks.back().unwind_end, "the backtraces have more than 16384 frames");
}

}  // namespace
}  // namespace coredepot::decoder
