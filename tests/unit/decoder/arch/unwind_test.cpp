// Walks over made-up stacks, as no public dump shows them: calls through bad pointers, corrupt
// stacks, mask ROM.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::TemporaryFile;
using test::Writer;

constexpr std::uint32_t kStack = 0x3FC80000;
constexpr std::uint32_t kTcb = 0x3FC90000;

/// Function names from the innermost frame on, addresses where there is no name, `?` before
/// guesses; the reason why the walk ended, if it ended early.
std::string shape(const Task& task) {
    std::string text;
    for (const Frame& frame : task.frames) {
        text += frame.guessed ? "?" : "";
        text += frame.function.empty() ? std::to_string(frame.pc) : frame.function;
        text += ' ';
    }
    return text + task.unwind_end;
}

Task decode_task(std::uint16_t machine, const Bytes& elf,
                 const std::vector<std::uint32_t>& registers, const Bytes& stack) {
    const TemporaryFile application{elf};
    const Bytes core = test::CoreBuilder{machine}
                           .memory(kTcb, test::tcb("loop", 5, kStack, kStack, kStack + 0x400))
                           .memory(kStack, stack)
                           .task(kTcb, registers)
                           .build();
    return decode(core, application.path(), "").tasks.at(0);
}

// --- Xtensa: `first` at +0, `second` at +0x40, `third` at +0x80, each starting with ENTRY.

constexpr std::uint32_t kXtensaCode = 0x40080000;
constexpr std::uint32_t kWindow8 = 2U << 30U;  // a return address of call8
constexpr std::uint32_t kPsCall8 = 2U << 16U | 0x20;

Bytes xtensa_application() {
    Bytes code(0xC0);
    for (const std::size_t start : {0x00, 0x40, 0x80}) {
        code[start] = std::byte{0x36};
    }
    return test::application(kMachineXtensa, kXtensaCode, code,
                             {{"first", kXtensaCode, 0x40, false},
                              {"second", kXtensaCode + 0x40, 0x40, false},
                              {"third", kXtensaCode + 0x80, 0x40, false},
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

TEST(UnwindXtensa, RunawayRecursionIsCapped) {
    std::vector<std::uint32_t> words(0x4000);
    for (std::size_t i = 0; i + 8 < words.size(); i += 4) {
        words[i] = return_to(kXtensaCode + 0x50);
        words[i + 1] = kStack + static_cast<std::uint32_t>(i * 4) + 32;
    }
    const Task task =
        xtensa(kXtensaCode + 0x50, return_to(kXtensaCode + 0x50), Writer{}.words(words).content());
    EXPECT_EQ(task.unwind_end, "more than 256 frames");
    EXPECT_EQ(task.frames.size(), 256U);
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
    EXPECT_EQ(report.tasks.front().frames.size(), 256U);
    EXPECT_TRUE(report.tasks.back().frames.empty());
    EXPECT_EQ(report.tasks.back().unwind_end, "the backtraces have more than 16384 frames");
}

// --- RISC-V without call frame information: functions are known by their prologues.

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

/// leaf, printer (called back by ROM, calls leaf), app_main (calls ROM), main_task.
Bytes riscv_application() {
    Writer code;
    append_function(code, function_at(0));
    append_function(code, function_at(0));
    append_function(code, kRom);
    append_function(code, function_at(2));
    return test::application(kMachineRiscV, kRiscvCode, code.content(),
                             {{"leaf", function_at(0), kFunctionSize, false},
                              {"printer", function_at(1), kFunctionSize, false},
                              {"app_main", function_at(2), kFunctionSize, false},
                              {"main_task", function_at(3), kFunctionSize, false},
                              {"ets_printf", kRom, 0, true}});
}

Task riscv(const std::vector<std::uint32_t>& registers, const std::vector<std::uint32_t>& stack) {
    return decode_task(kMachineRiscV, riscv_application(), registers,
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
