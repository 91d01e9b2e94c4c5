#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/arch/cpu_register.hpp"
#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/exception_cause.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/arch/noted_registers.hpp"
#include "decoder/arch/printed_stack.hpp"
#include "decoder/arch/stack_unwinder.hpp"
#include "decoder/report/architecture.hpp"
#include "decoder/report/register.hpp"

namespace coredepot::decoder {

/// What a register is called.
struct RegisterNames {
    std::string_view name;     ///< by gdb
    std::string_view printed;  ///< by the panic handler
};

/// An exception by how the panic handler's name of it begins.
struct PrintedCause {
    std::string_view name;
    std::uint32_t cause;
};

/// All that the decoder knows of a CPU architecture. Each is defined in a folder of its own.
struct Cpu {
    Architecture architecture;

    std::span<const CpuRegister> registers;  ///< in the order in which gdb prints them
    std::size_t stack_register;              ///< the stack pointer's DWARF number

    /// Reads the registers of a PRSTATUS note: its descriptor from byte 72 on. `crashed`: the
    /// task's pc is where it crashed. Throws Undecodable when there are too few bytes.
    CpuState (*read_note)(std::span<const std::byte> registers, bool crashed);

    /// Reads what FreeRTOS saved on top of a task's stack when it took the CPU from the task: what
    /// a BIN dump has in place of notes. Throws Undecodable when there are too few bytes.
    CpuState (*read_stack)(std::span<const std::byte> stack);

    /// The opposite of `read_note`. What is not known is 0.
    std::string (*write_note)(const CpuState& state);

    std::span<const ExceptionCause> causes;
    RegisterNames cause_register;           ///< the one that holds the cause of an exception
    RegisterNames address_register;         ///< the one that holds its address, if it has any
    const NotedRegisters* noted_registers;  ///< null: the device notes none

    /// What the CPU said of a fault, from the exception frame that the panic handler put on the
    /// stack of the crashed task. Empty: `memory` does not hold it.
    std::optional<FaultImage> (*find_fault)(const CpuState& crashed, const Memory& memory);

    /// What walks the stacks of a core dump.
    std::unique_ptr<StackUnwinder> (*make_unwinder)(const StackSources& sources);

    /// Makes of what was printed what a core dump would hold: the registers that were not printed,
    /// as far as the frames tell them; of the frames those that make sense, with addresses as a
    /// walk has them; the memory that a walk over them needs, where that follows from them.
    void (*complete)(PrintedStack& stack);
    /// Whether `complete` adds such memory. Else there is a walk only where memory was printed.
    bool frames_tell_memory;
    /// Whether a call ends right before `address`.
    bool (*follows_call)(std::uint32_t address, const ApplicationElf& elf);
    std::uint32_t longest_call;  ///< bytes
    /// Functions, by the linker's names, through which Rust's esp-hal comes from an exception to
    /// the panic handler.
    std::span<const std::string_view> exception_entries;
    /// What the panic handler calls exceptions otherwise than `causes` do.
    std::span<const PrintedCause> printed_causes;
    /// Registers that the panic handler prints and that no report shows.
    std::span<const std::string_view> other_registers;

    std::span<const std::uint32_t> made_up_stacks;  ///< where they begin, see made_up_stack.hpp
};

/// In `xtensa/cpu.cpp`, `riscv/cpu.cpp`.
extern const Cpu kXtensaCpu;
extern const Cpu kRiscvCpu;

/// All of them.
std::span<const Cpu* const> all_cpus();

const Cpu& cpu_of(Architecture architecture);

/// The known registers in the order in which the reference tool (gdb) prints them.
std::vector<Register> named_registers(const CpuState& state, const Cpu& cpu);

}  // namespace coredepot::decoder
