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

/// The end of a line `Backtrace:`.
enum class ListedEnd {
    Outermost,  ///< there are no more callers
    Corrupted,  ///< `|<-CORRUPTED`: the last frame made no sense to the device
    Continues,  ///< `|<-CONTINUES`: there are more frames than the device prints
};

/// What the panic handler printed about one CPU core.
struct CoreText {
    std::optional<unsigned> core;                      ///< empty: not printed
    std::string task{};                                ///< its name; empty: not printed
    bool in_interrupt = false;                         ///< it says that it was in an interrupt
    std::map<std::string, std::uint32_t> registers{};  ///< by their printed names: `PC`, `S0/FP`
    std::vector<ListedFrame> backtrace{};              ///< innermost first
    ListedEnd end = ListedEnd::Outermost;
    /// Addresses of calls or of what they return to, innermost first. Rust's esp-backtrace lists
    /// nothing else.
    std::vector<std::uint32_t> calls{};
    bool has_heading = false;            ///< `Backtrace:` comes before them
    std::uint32_t stack_start = 0;       ///< address of `stack`
    std::vector<std::uint32_t> stack{};  ///< the words of `Stack memory:`, without gaps
    /// `stack` begins at the stack pointer, whose value is unknown.
    bool stack_is_unplaced = false;

    /// Whether a backtrace can be made from this.
    bool is_usable() const { return !registers.empty() || !backtrace.empty() || !calls.empty(); }
};

/// What ESP-IDF's panic handler prints on the console before the device restarts.
struct PanicText {
    /// The same text as in a core dump of the crash: for abort(), assert() or a watchdog; empty for
    /// an exception of the CPU.
    std::string reason;
    std::string exception;        ///< from `panic'ed (…)`: `StoreProhibited`; empty: not printed
    std::string task;             ///< name of the crashed task; empty: not printed
    std::vector<CoreText> cores;  ///< the crashed one first
    std::string elf_sha256_prefix;  ///< lower-case hex; empty: not printed
    std::string chip;  ///< `esp32c3`, from the boot message of its ROM; empty: not printed
    std::optional<std::uint32_t> chip_revision;  ///< major * 100 + minor; empty: not printed
    std::size_t other_panics = 0;                ///< in the same log, before this one
    /// What ESP_ERROR_CHECK printed about a failed expression before aborting.
    std::optional<CheckedError> checked_error;
    /// Other lines of the log about this panic: `ESP_ERROR_CHECK failed: …`.
    std::vector<std::string> remarks;
    /// The lowest address of the task's stack and the one after its highest, if the hardware's
    /// guard printed them.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds;
};

/// The last panic in `log` that tells where it happened; empty when there is none. Each line may
/// have something in front of the device's output: the time, a tag. Throws Undecodable for a panic
/// that was cut off before it tells.
std::optional<PanicText> read_panic_text(std::string_view log);

}  // namespace coredepot::decoder
