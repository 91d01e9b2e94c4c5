#include "decoder/arch/cpu_state.hpp"

#include <array>
#include <string>

#include "decoder/arch/unwind.hpp"
#include "decoder/bytes/byte_reader.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kXtensaRegisters = 16;
constexpr std::size_t kXtensaPhysicalRegisters = 64;
constexpr std::size_t kRiscvRegisters = 32;

void set_return_address(CpuState& state) {
    state.pc = xtensa_code_address(state.pc);
    state.pc_is_return_address = true;
}

/// ESP-IDF's `xtensa_gregset_t`: pc ps lbeg lend lcount sar windowstart windowbase, 56 reserved,
/// then all 64 physical registers.
CpuState xtensa_note(std::span<const std::byte> bytes, bool crashed) {
    ByteReader reader{bytes, "the registers of a task"};
    CpuState state;
    state.pc = reader.u32();
    // The device masks the pc of a task that yielded; a crash may have jumped below all code.
    if (!crashed && state.pc != 0 && (state.pc & ~kXtensaCodeMask) == 0 &&
        !is_fake_stack(state.pc)) {
        set_return_address(state);
    }
    state.status = reader.u32();
    state.loop_begin = reader.u32();
    state.loop_end = reader.u32();
    state.loop_count = reader.u32();
    state.shift_amount = reader.u32();
    reader.skip(4);  // windowstart
    const std::size_t window = std::size_t{4} * reader.u32();
    reader.skip(std::size_t{56} * 4);
    const auto physical = reader.take(kXtensaPhysicalRegisters * 4);
    // A note of a solicited frame knows a0-a3; the device fills the rest from an earlier task.
    const std::size_t known = state.pc_is_return_address ? 4 : kXtensaRegisters;
    for (std::size_t i = 0; i < known; ++i) {
        const std::size_t index = (window + i) % kXtensaPhysicalRegisters;
        state.general[i] = load_u32(physical.subspan(index * 4));
    }
    return state;
}

/// FreeRTOS' XtExcFrame and XtSolFrame (xtensa_context.h); word 0 tells them apart: the exit
/// routine of an interrupted task, 0 for a task that yielded, 0xDEADBEEF for the crashed task. The
/// made-up frame of a task whose stack makes no sense is an XtExcFrame with a 0.
CpuState xtensa_stack(std::span<const std::byte> bytes) {
    ByteReader reader{bytes, "the register frame of a task"};
    CpuState state;
    const bool marked_solicited = reader.u32() == 0;
    state.pc = reader.u32();
    state.status = reader.u32();
    const bool solicited = marked_solicited && !is_fake_stack(state.pc);
    if (solicited) {
        reader.skip(4);  // unused: a0 is on a 16-byte boundary
    }
    for (std::size_t i = 0; i < (solicited ? 4 : kXtensaRegisters); ++i) {
        state.general[i] = reader.u32();
    }
    if (solicited) {
        set_return_address(state);
        return state;
    }
    state.shift_amount = reader.u32();
    reader.skip(8);  // cause and address of the exception: see exception.hpp
    state.loop_begin = reader.u32();
    state.loop_end = reader.u32();
    state.loop_count = reader.u32();
    // The exception itself set EXCM; the reference shows PS as the task had it.
    if ((*state.status & kPsUserMode) != 0) {
        *state.status &= ~kPsExceptionMode;
    }
    return state;
}

/// RvExcFrame and the note have the same 32 words: pc, then x1 to x31.
CpuState riscv(std::span<const std::byte> bytes) {
    ByteReader reader{bytes, "the registers of a task"};
    CpuState state;
    state.pc = reader.u32();
    state.general[0] = 0;
    for (std::size_t i = 1; i < kRiscvRegisters; ++i) {
        state.general[i] = reader.u32();
    }
    return state;
}

/// Register names by index, as gdb has them.
constexpr std::array<const char*, kRiscvRegisters> kRiscvNames = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

}  // namespace

CpuState registers_of_note(std::span<const std::byte> registers, Architecture architecture,
                           bool crashed) {
    return architecture == Architecture::Xtensa ? xtensa_note(registers, crashed)
                                                : riscv(registers);
}

CpuState registers_of_stack(std::span<const std::byte> stack, Architecture architecture) {
    return architecture == Architecture::Xtensa ? xtensa_stack(stack) : riscv(stack);
}

std::vector<Register> named_registers(const CpuState& state, Architecture architecture) {
    std::vector<Register> registers;
    const auto add = [&](std::string name, std::optional<std::uint32_t> value) {
        if (value) {
            registers.push_back({std::move(name), *value, {}});
        }
    };
    if (architecture == Architecture::Xtensa) {
        add("pc", state.pc);
        add("lbeg", state.loop_begin);
        add("lend", state.loop_end);
        add("lcount", state.loop_count);
        add("sar", state.shift_amount);
        add("ps", state.status);
        for (std::size_t i = 0; i < kXtensaRegisters; ++i) {
            add("a" + std::to_string(i), state.general[i]);
        }
    } else {
        for (std::size_t i = 1; i < kRiscvRegisters; ++i) {
            add(kRiscvNames[i], state.general[i]);
        }
        add("pc", state.pc);
    }
    return registers;
}

}  // namespace coredepot::decoder
