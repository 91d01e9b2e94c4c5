#include "decoder/arch/cpu.hpp"

#include <array>

#include "decoder/arch/riscv/causes.hpp"
#include "decoder/arch/riscv/code.hpp"
#include "decoder/arch/riscv/fault.hpp"
#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/registers.hpp"
#include "decoder/arch/riscv/unwind.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::array kRiscvNames = {
    CpuRegister{"ra", "RA", 1},  CpuRegister{"sp", "SP", 2},    CpuRegister{"gp", "GP", 3},
    CpuRegister{"tp", "TP", 4},  CpuRegister{"t0", "T0", 5},    CpuRegister{"t1", "T1", 6},
    CpuRegister{"t2", "T2", 7},  CpuRegister{"fp", "S0/FP", 8}, CpuRegister{"s1", "S1", 9},
    CpuRegister{"a0", "A0", 10}, CpuRegister{"a1", "A1", 11},   CpuRegister{"a2", "A2", 12},
    CpuRegister{"a3", "A3", 13}, CpuRegister{"a4", "A4", 14},   CpuRegister{"a5", "A5", 15},
    CpuRegister{"a6", "A6", 16}, CpuRegister{"a7", "A7", 17},   CpuRegister{"s2", "S2", 18},
    CpuRegister{"s3", "S3", 19}, CpuRegister{"s4", "S4", 20},   CpuRegister{"s5", "S5", 21},
    CpuRegister{"s6", "S6", 22}, CpuRegister{"s7", "S7", 23},   CpuRegister{"s8", "S8", 24},
    CpuRegister{"s9", "S9", 25}, CpuRegister{"s10", "S10", 26}, CpuRegister{"s11", "S11", 27},
    CpuRegister{"t3", "T3", 28}, CpuRegister{"t4", "T4", 29},   CpuRegister{"t5", "T5", 30},
    CpuRegister{"t6", "T6", 31}, CpuRegister{"pc", "MEPC"},
};

CpuState read_riscv_note(std::span<const std::byte> registers, bool /*crashed*/) {
    return read_riscv_registers(registers);
}

std::unique_ptr<StackUnwinder> make_riscv_unwinder(const StackSources& sources) {
    return std::make_unique<RiscvUnwinder>(sources);
}

constexpr std::array<std::string_view, 3> kRiscvOthers = {"MSTATUS", "MTVEC", "MHARTID"};

constexpr std::array<std::string_view, 4> kRiscvEntries = {"ExceptionHandler", "_start_trap_rust",
                                                           "_start_trap_rust_hal", "_start_trap"};

/// The device prints either a list of frames or the stack's memory.
void complete_riscv_stack(PrintedStack& stack) {
    CpuState& state = stack.cpu;
    state.general[0] = 0;
    if (stack.frames.empty()) {
        return;
    }
    const ListedFrame& innermost = stack.frames.front();
    if (!stack.has_pc) {
        state.pc = innermost.pc;
    }
    if (!state.general[kRiscvStack]) {
        state.general[kRiscvStack] = innermost.sp;
    }
}

}  // namespace

constinit const Cpu kRiscvCpu = {
    .architecture = Architecture::RiscV,
    .registers = kRiscvNames,
    .stack_register = kRiscvStack,
    .read_note = read_riscv_note,
    .read_stack = read_riscv_registers,
    .write_note = write_riscv_note,
    .causes = kRiscvCauses,
    .cause_register = {"mcause", "MCAUSE"},
    .address_register = {"mtval", "MTVAL"},
    .noted_registers = nullptr,
    .find_fault = find_riscv_fault,
    .make_unwinder = make_riscv_unwinder,
    .complete = complete_riscv_stack,
    .frames_tell_memory = false,
    .follows_call = follows_call,
    .longest_call = kFullBytes,
    .exception_entries = kRiscvEntries,
    .printed_causes = {},
    .other_registers = kRiscvOthers,
    .made_up_stacks = kRiscvMadeUpStacks,
};

}  // namespace coredepot::decoder
