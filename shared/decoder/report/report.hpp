#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coredepot::decoder {

/// A parameter or a local variable of a frame.
struct Variable {
    std::string name;
    std::string type;         ///< as C writes it: `const char *`
    std::string value;        ///< as gdb prints it; `<optimized out>`, `<unreadable>`: not known
    std::string entry_value;  ///< of a parameter, when the function was called; empty: not known or
                              ///< the same
};

/// One line of a backtrace. An inlined call is a frame of its own with `inlined` set and the `pc`
/// of the physical frame that holds it.
struct Frame {
    std::uint32_t pc = 0;
    std::string function;  ///< empty: unknown
    std::string file;      ///< as the compiler wrote it, made absolute; empty: unknown
    int line = 0;          ///< 0: unknown
    bool inlined = false;
    bool guessed = false;          ///< found by a search of the stack, or unwound from such a frame
    bool tail_call = false;        ///< left by a jump; known from the debug information alone
    std::vector<Variable> args{};  ///< in the order of the source
    std::vector<Variable>
        locals{};  ///< of inner blocks first; those of blocks not entered left out
};

struct Register {
    std::string name;
    std::uint32_t value = 0;
    std::string symbol;  ///< `panic_abort+21` where the value is an address of code; else empty
};

/// A FreeRTOS task as its task control block (TCB) and its stack in the dump tell it.
struct Task {
    std::uint32_t tcb = 0;  ///< address; FreeRTOS calls it the task handle
    std::string name;
    bool crashed = false;
    std::uint32_t priority = 0;
    std::uint32_t base_priority = 0;
    std::optional<std::uint32_t> stack_used;     ///< bytes; empty: the TCB does not tell
    std::optional<std::uint32_t> stack_free;     ///< bytes
    std::optional<std::uint32_t> stack_start{};  ///< lowest address; empty: the TCB does not tell
    std::optional<std::uint32_t> stack_end{};    ///< the address after the highest
    std::optional<std::uint32_t> core{};  ///< that it is bound to; empty: to none, or not known
    std::vector<Register> registers;      ///< in the order of the reference tool
    std::vector<Frame> frames;            ///< innermost first
    std::string unwind_end;  ///< why the walk ended early; empty: reached the outermost frame
    /// Of a crash in an interrupt: what the task did when the interrupt came. `frames` are then the
    /// interrupt's.
    std::vector<Frame> interrupted_frames{};
    std::string interrupted_end{};  ///< as unwind_end
};

/// What the CPU said of the fault.
struct Exception {
    std::uint32_t cause = 0;    ///< Xtensa EXCCAUSE, RISC-V mcause
    std::uint32_t address = 0;  ///< Xtensa EXCVADDR, RISC-V mtval
    std::string name;           ///< `StoreProhibitedCause`, `Store/AMO access fault`
    std::string region{};  ///< what lies at `address`: `the null page`; empty: it is no address
};

/// Everything that a core dump and its ELF tell. `tasks` starts with the crashed task, where that
/// is there.
struct Report {
    std::string chip;                  ///< `esp32c3`
    std::optional<bool> in_interrupt;  ///< the crash was in an interrupt; empty: not told
    std::string panic_reason;          ///< empty: the dump carries none
    std::optional<Exception> exception;
    std::vector<Register> special_registers;  ///< EPC, EPS, ... of the crashed task
    std::string elf_sha256;                   ///< of the ELF that was used, 64 hex characters
    bool elf_verified = false;                ///< the dump named this ELF by its SHA-256 prefix
    std::vector<Task> tasks;
    std::vector<std::string> findings{};  ///< what follows from all of it, a sentence each

    /// Null: its TCB was corrupt, and the device left it out. (`tasks` starts with another then.)
    const Task* crashed_task() const {
        return !tasks.empty() && tasks.front().crashed ? &tasks.front() : nullptr;
    }
};

}  // namespace coredepot::decoder
