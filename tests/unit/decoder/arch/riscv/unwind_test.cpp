// Walks over made-up stacks of RISC-V without call frame information: calls through bad pointers,
// corrupt stacks, mask ROM.

#include "decoder/arch/unwind.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/task_shape.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::decode_task;
using test::kStack;
using test::shape;
using test::Writer;

constexpr std::uint32_t kRiscvCode = 0x42000000;
constexpr std::uint32_t kRom = 0x40000040;

/// One function: lower sp by 16, save ra in its top word, call `callee` through auipc and jalr.
void append_function(Writer& code, std::uint32_t callee) {
    code.u16(0x1141).u16(0xC606);  // c.addi sp, -16; c.swsp ra, 12(sp)
    const std::uint32_t here = kRiscvCode + static_cast<std::uint32_t>(code.size());
    const std::uint32_t distance = callee - here;
    const std::uint32_t upper = (distance + 0x800) & 0xFFFFF000;
    code.u32(upper | 0x97).u32((distance - upper) << 20U | 0x80E7);
    code.u16(0x8082).u16(0x8082);  // c.jr ra, twice
}

constexpr std::uint32_t kFunctionSize = 16;
constexpr std::uint32_t kAfterCall = 12;  ///< the return address of a function's call

constexpr std::uint32_t function_at(std::uint32_t index) {
    return kRiscvCode + index * kFunctionSize;
}

/// leaf, printer (called back by ROM, calls leaf), app_main (calls ROM), main_task, and what calls
/// that where all tasks begin in one function.
Bytes riscv_application(bool wrapper) {
    Writer code;
    append_function(code, function_at(0));
    append_function(code, function_at(0));
    append_function(code, kRom);
    append_function(code, function_at(2));
    append_function(code, function_at(3));
    return test::application(
        kMachineRiscV, kRiscvCode, code.content(),
        {{"leaf", function_at(0), kFunctionSize, false},
         {"printer", function_at(1), kFunctionSize, false},
         {"app_main", function_at(2), kFunctionSize, false},
         {"main_task", function_at(3), kFunctionSize, false},
         {wrapper ? "vPortTaskWrapper" : "other", function_at(4), kFunctionSize, false},
         {"ets_printf", kRom, 0, true}});
}

Task riscv(const std::vector<std::uint32_t>& registers, const std::vector<std::uint32_t>& stack,
           bool wrapper = false) {
    return decode_task(kMachineRiscV, riscv_application(wrapper), registers,
                       Writer{}.words(stack).content());
}

TEST(UnwindRiscv, ByPrologue) {
    const Task task =
        riscv(test::riscv_registers(function_at(0), function_at(1) + kAfterCall, kStack),
              {0, 0, 0, function_at(3) + kAfterCall, 0, 0, 0, 0});
    EXPECT_EQ(shape(task), "leaf printer main_task ");
}

TEST(UnwindRiscv, InsideOfAPrologue) {
    // sp is lowered already, ra not yet saved.
    const Task task =
        riscv(test::riscv_registers(function_at(1) + 2, function_at(3) + kAfterCall, kStack),
              {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    EXPECT_EQ(shape(task), "printer main_task ");
}

TEST(UnwindRiscv, CallOfANullPointer) {
    const Task task =
        riscv(test::riscv_registers(0, function_at(3) + kAfterCall, kStack), {0, 0, 0, 0});
    EXPECT_EQ(shape(task), "0 main_task ");
}

/// strlen(NULL) and the like: ra and sp are the caller's, which is no guess.
TEST(UnwindRiscv, CrashInALeafFunctionOfRom) {
    const Task task = riscv(test::riscv_registers(kRom + 2, function_at(2) + kAfterCall, kStack),
                            {0, 0, 0, function_at(3) + kAfterCall, 0, 0, 0, 0});
    EXPECT_EQ(shape(task), "ets_printf app_main main_task ");
}

/// printer was called by ROM, whose frames are of unknown size, with decoys on them: an address of
/// code that follows no call, and one that follows a call, but not into ROM.
TEST(UnwindRiscv, BridgeOverRom) {
    const std::vector<std::uint32_t> stack = {
        0,
        0,
        0,
        0x40048500,  // printer: returns into ROM
        function_at(1),
        0,
        function_at(0) + kAfterCall,
        0x40048722,
        0,
        0,
        0,
        function_at(2) + kAfterCall,  // ROM's frame: returns to app_main
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,  // the arguments of a variadic function
        0,
        0,
        0,
        function_at(3) + kAfterCall,  // app_main
        0,
        0,
        0,
        0};  // main_task, called by nothing
    const auto registers =
        test::riscv_registers(function_at(0), function_at(1) + kAfterCall, kStack);
    EXPECT_EQ(shape(riscv(registers, stack)),
              "leaf printer 1074038016 ?ets_printf ?app_main ?main_task ");

    // One function of ROM alone leaves no return address into ROM; a pointer to a function is none.
    auto single = stack;
    single[7] = kRom;
    EXPECT_EQ(shape(riscv(registers, single)), "leaf printer 1074038016 ?app_main ?main_task ");

    // Without an outermost frame to reach, nothing is guessed.
    auto broken = stack;
    broken.back() = 0x12345678;
    EXPECT_EQ(shape(riscv(registers, broken)),
              "leaf printer 1074038016 the functions in ROM do not tell their caller");
}

/// An empty stretch of stack looks like a frame that nothing called. app_main() is no function that
/// a task begins in, and with main_task() the walk is the longer one.
TEST(UnwindRiscv, BridgeOverRomPastAnEmptyStretch) {
    const std::vector<std::uint32_t> stack = {
        0, 0, 0, 0x40048500,                   // printer: returns into ROM
        0, 0, 0, function_at(2) + kAfterCall,  // ROM's frame: returns to app_main
        0, 0, 0, 0,                            // room for arguments
        0, 0, 0, 0,
        0, 0, 0, function_at(3) + kAfterCall,  // app_main
        0, 0, 0, function_at(4) + kAfterCall,  // main_task
        0, 0, 0, 0};                           // where the task begins
    const auto registers =
        test::riscv_registers(function_at(0), function_at(1) + kAfterCall, kStack);
    EXPECT_EQ(shape(riscv(registers, stack, true)),
              "leaf printer 1074038016 ?app_main ?main_task ?vPortTaskWrapper ");
    EXPECT_EQ(shape(riscv(registers, stack, false)),
              "leaf printer 1074038016 ?app_main ?main_task ?other ");

    // main_task() begins no task, either.
    auto without = stack;
    without[23] = 0;
    EXPECT_EQ(shape(riscv(registers, without, true)),
              "leaf printer 1074038016 the functions in ROM do not tell their caller");
}

TEST(UnwindRiscv, TheMiddleOfARunawayRecursionIsFolded) {
    constexpr std::size_t kDepth = 1000;
    Writer stack;
    for (std::size_t i = 1; i < kDepth; ++i) {
        stack.words({0, 0, 0, function_at(1) + kAfterCall});
    }
    stack.words({0, 0, 0, function_at(3) + kAfterCall, 0, 0, 0, 0});
    const Task task =
        decode_task(kMachineRiscV, riscv_application(false),
                    test::riscv_registers(function_at(1) + 8, 0, kStack), stack.content());
    EXPECT_LT(task.frames.size(), kMaxFrames);
    EXPECT_EQ(task.frames.size() + task.frames.at(kInnermostFrames).folded, kDepth + 1);
    EXPECT_EQ(task.frames.back().function, "main_task");
    EXPECT_EQ(task.unwind_end, "");
}

/// ESP-IDF 6.1 and later make up stacks at 0x70000000.
TEST(UnwindRiscv, CorruptTask) {
    for (const std::uint32_t made_up : {0x20000000U, 0x70000000U}) {
        const Task task = riscv(test::riscv_registers(made_up, 0, made_up + 160), {});
        EXPECT_TRUE(task.stack_is_fake);
        EXPECT_EQ(task.unwind_end,
                  "the stack of this task was corrupt when the device wrote the dump");
    }
}

/// A call of a garbage address is none of these, even where the address is that of such a stack.
TEST(UnwindRiscv, CallOfAnAddressWhereStacksAreMadeUp) {
    for (const std::uint32_t wild : {0x20000000U, 0x20001234U, 0x70000000U, 0x70000040U}) {
        const Task task =
            riscv(test::riscv_registers(wild, function_at(3) + kAfterCall, kStack), {0, 0, 0, 0});
        EXPECT_FALSE(task.stack_is_fake);
        EXPECT_EQ(shape(task), std::to_string(wild) + " main_task ");
    }
}

TEST(UnwindRiscv, AStackFullOfDecoysEnds) {
    const std::vector<std::uint32_t> stack(0x10000, function_at(2) + kAfterCall);
    const Task task = riscv(test::riscv_registers(0x40048500, 0x40048722, kStack), stack);
    EXPECT_FALSE(task.unwind_end.empty());
}

TEST(UnwindRiscv, EndsEarlyWithAReason) {
    EXPECT_EQ(shape(riscv(test::riscv_registers(function_at(0), 0x12345678, kStack), {})),
              "leaf the return address 0x12345678 is not code");
    EXPECT_EQ(shape(riscv(test::riscv_registers(function_at(1) + 8, 0, kStack), {0})),
              "printer the dump does not hold the stack of 0x42000018");
}

}  // namespace
}  // namespace coredepot::decoder
