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

/// The names of a register.
struct RegisterNames {
    std::string_view name;     ///< in gdb
    std::string_view printed;  ///< in the panic handler's output
};

/// An exception, by the start of its name in the panic handler's output.
struct PrintedCause {
    std::string_view name;
    std::uint32_t cause;
};

/// Everything that the decoder knows about a CPU architecture. Each architecture has a folder.
struct Cpu {
    Architecture architecture;

    std::span<const CpuRegister> registers;  ///< in the order in which gdb prints them
    std::size_t stack_register;              ///< the stack pointer's DWARF number

    /// Reads the registers of a PRSTATUS note: its descriptor from byte 72 on. `crashed`: the
    /// task's pc is the place of the crash. Throws Undecodable when there are too few bytes.
    CpuState (*read_note)(std::span<const std::byte> registers, bool crashed);

    /// Reads the registers that FreeRTOS saved on top of a task's stack when the task lost the CPU.
    /// A BIN dump has these instead of notes. Throws Undecodable when there are too few bytes.
    CpuState (*read_stack)(std::span<const std::byte> stack);

    /// The reverse of `read_note`. Unknown registers become 0.
    std::string (*write_note)(const CpuState& state);

    std::span<const ExceptionCause> causes;
    RegisterNames cause_register;           ///< holds the cause of an exception
    RegisterNames address_register;         ///< holds its address, if there is one
    const NotedRegisters* noted_registers;  ///< null: the device notes none

    /// What the CPU reported about a fault, from the exception frame that the panic handler put on
    /// the crashed task's stack. Empty when `memory` does not contain it.
    std::optional<FaultImage> (*find_fault)(const CpuState& crashed, const Memory& memory);

    /// Makes the object that walks the stacks of a core dump.
    std::unique_ptr<StackUnwinder> (*make_unwinder)(const StackSources& sources);

    /// Completes printed output to what a core dump would hold: registers that were not printed, as
    /// far as the frames tell them; only those frames that make sense, with addresses as in a walk;
    /// and the memory that a walk over them needs, if it follows from them.
    void (*complete)(PrintedStack& stack);
    /// Whether `complete` adds that memory. If not, only printed memory can be walked.
    bool frames_tell_memory;
    /// Whether the instruction before `address` is a call.
    bool (*follows_call)(std::uint32_t address, const ApplicationElf& elf);
    std::uint32_t longest_call;  ///< bytes
    /// Functions, by linker name, through which Rust's esp-hal gets from an exception to the panic
    /// handler.
    std::span<const std::string_view> exception_entries;
    /// Exceptions that the panic handler names differently from `causes`.
    std::span<const PrintedCause> printed_causes;
    /// Registers that the panic handler prints but no report shows.
    std::span<const std::string_view> other_registers;

    std::span<const std::uint32_t> made_up_stacks;  ///< where they begin; see made_up_stack.hpp
};

/// Defined in `xtensa/cpu.cpp` and `riscv/cpu.cpp`.
extern const Cpu kXtensaCpu;
extern const Cpu kRiscvCpu;

/// All architectures.
std::span<const Cpu* const> all_cpus();

const Cpu& cpu_of(Architecture architecture);

/// The known registers, in gdb's order (the reference tool).
std::vector<Register> named_registers(const CpuState& state, const Cpu& cpu);

}  // namespace coredepot::decoder
