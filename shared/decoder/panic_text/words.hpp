#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coredepot::decoder {

constexpr bool has(std::string_view line, std::string_view part) {
    return line.find(part) != std::string_view::npos;
}

/// The number behind `before` in `line`, maybe after blanks: the core in `Core  0 register dump:`.
/// Empty: there is none.
std::optional<unsigned> number_behind(std::string_view line, std::string_view before);

/// From behind `before` to `after`, or to the end of the line where `after` is empty; empty: they
/// are not there.
std::optional<std::string_view> part_between(std::string_view line, std::string_view before,
                                             std::string_view after);

/// What ESP-IDF calls the reason of a panic of its own making, from its first word to the end of
/// the line: `abort() was called at PC 0x400d66b9 on core 0`; empty: the line has none.
std::string_view reason_in(std::string_view line);

/// Whether `reason` is that of the task watchdog.
bool is_of_task_watchdog(std::string_view reason);

/// A task in the task watchdog's list, as a core dump has it: ` - IDLE (CPU 0)`; empty: none.
std::string starved_task_in(std::string_view line);

/// A core and the task that was running on it, of `CPU 0: main`; empty: none.
std::optional<std::pair<unsigned, std::string>> running_task_in(std::string_view line);

/// The task whose stack overflowed, where a guard of ESP-IDF's says so: the watchpoint at its end,
/// or the hardware's bounds (`Stack protection fault`).
std::optional<std::string> overflowed_task_in(std::string_view line);

/// The two addresses of `Stack bounds: 0x40825c28 - 0x40827e20`; empty: none.
std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds_in(std::string_view line);

/// The error code in `ESP_ERROR_CHECK failed: esp_err_t 0x102 (ESP_ERR_INVALID_ARG) at …`; empty:
/// none.
std::optional<std::uint32_t> error_code_in(std::string_view line);

/// Whether the core that was printed was in an interrupt: `Core  0 was running in ISR context:`.
bool tells_interrupt(std::string_view line);

/// A reset without a panic: `Brownout detector was triggered`; empty: none.
std::string_view reset_in(std::string_view line);

/// What else belongs to a panic, and often stands before it: `ESP_ERROR_CHECK failed: …`; empty:
/// nothing.
std::string_view remark_in(std::string_view line);

/// Whether the device is done with a panic, or has been reset.
bool ends_panic(std::string_view line);

/// The chip in the boot message of its ROM, `ESP-ROM:esp32c3-api1-20210207`; empty: none.
std::string_view chip_in(std::string_view line);

/// major * 100 + minor, of `chip revision: v0.4`; empty: none.
std::optional<unsigned> chip_revision_in(std::string_view line);

}  // namespace coredepot::decoder
