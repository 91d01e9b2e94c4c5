#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/report/architecture.hpp"
#include "decoder/report/crash.hpp"
#include "decoder/report/register.hpp"
#include "decoder/report/task.hpp"

namespace coredepot::decoder {

/// What the CPU said of the fault.
struct Exception {
    std::uint32_t cause = 0;    ///< Xtensa EXCCAUSE, RISC-V mcause
    std::uint32_t address = 0;  ///< Xtensa EXCVADDR, RISC-V mtval
    std::string name;           ///< `StoreProhibitedCause`, `Store/AMO access fault`
    std::string region{};      ///< what lies at `address`: `the null page`; empty: it is no address
    bool has_address = false;  ///< `address` is that of memory which the fault is about
};

/// An expression that did not give ESP_OK.
struct CheckedError {
    std::string expression;               ///< `nvs_open(name)`; empty: not told
    std::optional<std::uint32_t> code{};  ///< esp_err_t; empty: not told
};

/// What the report was made of.
enum class Source {
    CoreDump,
    PanicText,  ///< what the panic handler printed: no task but those that ran, little memory
};

/// Everything that a core dump and its ELF tell. `tasks` starts with the crashed task, where that
/// is there.
struct Report {
    Source source = Source::CoreDump;
    Architecture architecture = Architecture::Xtensa;
    std::string chip;                              ///< `esp32c3`; empty: not told
    std::optional<std::uint32_t> chip_revision{};  ///< major * 100 + minor; empty: not told
    std::optional<bool> in_interrupt;  ///< the crash was in an interrupt; empty: not told
    /// What ESP_ERROR_CHECK printed of a failed expression, where the report is made of a log.
    std::optional<CheckedError> checked_error{};
    std::string panic_reason;  ///< empty: the dump carries none
    std::optional<Exception> exception;
    std::vector<Register> special_registers;  ///< EPC, EPS, ... of the crashed task
    std::string elf_sha256;                   ///< of the ELF that was used, 64 hex characters
    bool elf_verified = false;                ///< the dump named this ELF by its SHA-256 prefix
    std::vector<Task> tasks;
    std::vector<std::string> findings{};  ///< what follows from all of it, a sentence each
    Crash crash{};                        ///< which bug it is

    /// Null: its TCB was corrupt, and the device left it out. (`tasks` starts with another then.)
    const Task* crashed_task() const {
        return !tasks.empty() && tasks.front().crashed ? &tasks.front() : nullptr;
    }
};

}  // namespace coredepot::decoder
