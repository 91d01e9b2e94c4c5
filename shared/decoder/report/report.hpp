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

/// What the CPU reported about the fault.
struct Exception {
    std::uint32_t cause = 0;    ///< Xtensa EXCCAUSE, RISC-V mcause
    std::uint32_t address = 0;  ///< Xtensa EXCVADDR, RISC-V mtval
    std::string name;           ///< `StoreProhibitedCause`, `Store/AMO access fault`
    std::string region{};  ///< what is at `address`: `the null page`; empty: it is not an address
    bool has_address = false;  ///< `address` is the memory that was accessed
};

/// An expression whose result was not ESP_OK.
struct CheckedError {
    std::string expression;               ///< `nvs_open(name)`; empty: unknown
    std::optional<std::uint32_t> code{};  ///< esp_err_t; empty: unknown
};

/// The source of the report.
enum class Source {
    CoreDump,
    PanicText,  ///< the panic handler's output: only tasks that were running, and little memory
};

/// Everything that a core dump and its ELF tell. `tasks` starts with the crashed task, if that is
/// there.
struct Report {
    Source source = Source::CoreDump;
    Architecture architecture = Architecture::Xtensa;
    std::string chip;                              ///< `esp32c3`; empty: unknown
    std::optional<std::uint32_t> chip_revision{};  ///< major * 100 + minor; empty: unknown
    std::optional<bool> in_interrupt;  ///< whether the crash was in an interrupt; empty: unknown
    /// What ESP_ERROR_CHECK printed about a failed expression, if the report comes from a log.
    std::optional<CheckedError> checked_error{};
    std::string panic_reason;  ///< empty: the dump has none
    std::optional<Exception> exception;
    std::vector<Register> special_registers;  ///< EPC, EPS, ... of the crashed task
    std::string elf_sha256;                   ///< of the ELF used, 64 hex characters
    bool elf_verified = false;  ///< the dump names this ELF by the start of its SHA-256
    std::vector<Task> tasks;
    std::vector<std::string> findings{};  ///< conclusions, a sentence each
    Crash crash{};                        ///< which bug it is

    /// Null when its TCB was corrupt and the device left it out. (Then `tasks` starts with another
    /// one.)
    const Task* crashed_task() const {
        return !tasks.empty() && tasks.front().crashed ? &tasks.front() : nullptr;
    }
};

}  // namespace coredepot::decoder
