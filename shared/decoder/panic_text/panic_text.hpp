#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decoder/arch/printed_stack.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// How a line `Backtrace:` ends.
enum class ListedEnd {
    Outermost,  ///< no more callers
    Corrupted,  ///< `|<-CORRUPTED`: the last frame made no sense to the device
    Continues,  ///< `|<-CONTINUES`: there are more frames than the device prints
};

/// What the panic handler printed of one CPU core.
struct CoreText {
    std::optional<unsigned> core;                      ///< empty: not told
    std::string task{};                                ///< name; empty: not told
    bool in_interrupt = false;                         ///< it says that it was in one
    std::map<std::string, std::uint32_t> registers{};  ///< by their printed names: `PC`, `S0/FP`
    std::vector<ListedFrame> backtrace{};              ///< innermost first
    ListedEnd end = ListedEnd::Outermost;
    /// Where calls are, or what they return to, innermost first: all that Rust's esp-backtrace
    /// lists.
    std::vector<std::uint32_t> calls{};
    bool has_heading = false;            ///< `Backtrace:` stands before them
    std::uint32_t stack_start = 0;       ///< address of `stack`
    std::vector<std::uint32_t> stack{};  ///< the words of `Stack memory:`, without a gap
    /// `stack` begins at the stack pointer, and what that is is not told.
    bool stack_is_unplaced = false;

    /// Whether there is anything that a backtrace can be made of.
    bool is_usable() const { return !registers.empty() || !backtrace.empty() || !calls.empty(); }
};

/// What ESP-IDF's panic handler prints on the console before the device restarts.
struct PanicText {
    /// As the core dump of the same crash has it: for abort(), assert(), a watchdog; empty for an
    /// exception of the CPU.
    std::string reason;
    std::string exception;          ///< in `panic'ed (…)`: `StoreProhibited`; empty: not told
    std::string task;               ///< name of the task that crashed; empty: not told
    std::vector<CoreText> cores;    ///< the one that crashed first
    std::string elf_sha256_prefix;  ///< lower-case hex; empty: not told
    std::string chip;               ///< `esp32c3`, by the boot message of its ROM; empty: not told
    std::optional<std::uint32_t> chip_revision;  ///< major * 100 + minor; empty: not told
    std::size_t other_panics = 0;                ///< in the same log, before this one
    /// What ESP_ERROR_CHECK says of a failed expression before it aborts.
    std::optional<CheckedError> checked_error;
    /// What the log says of this panic besides, a line each: `ESP_ERROR_CHECK failed: …`.
    std::vector<std::string> remarks;
    /// Lowest address of the task's stack, and the one after its highest, where the guard of the
    /// hardware tells them.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds;
};

/// The last panic in `log` that tells where it happened; empty: there is none. Each line may have
/// something in front of what the device printed: the time, a tag. Throws Undecodable for a panic
/// that was cut off before it tells.
std::optional<PanicText> read_panic_text(std::string_view log);

}  // namespace coredepot::decoder
