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

/// The number after `before` in `line`, perhaps after blanks: the core in `Core  0 register dump:`.
/// Empty when there is none.
std::optional<unsigned> number_behind(std::string_view line, std::string_view before);

/// The text between `before` and `after`, or up to the end of the line if `after` is empty; empty
/// when the line does not have them.
std::optional<std::string_view> part_between(std::string_view line, std::string_view before,
                                             std::string_view after);

/// ESP-IDF's reason for a panic of its own, up to the end of the line: `abort() was called at PC
/// 0x400d66b9 on core 0`; empty when the line has none.
std::string_view reason_in(std::string_view line);

/// Whether `reason` comes from the task watchdog.
bool is_of_task_watchdog(std::string_view reason);

/// A task in the task watchdog's list, in the form of a core dump: ` - IDLE (CPU 0)`; empty for
/// other lines.
std::string starved_task_in(std::string_view line);

/// The core and the task running on it in `CPU 0: main`; empty for other lines.
std::optional<std::pair<unsigned, std::string>> running_task_in(std::string_view line);

/// The task whose stack overflowed according to one of ESP-IDF's guards: the watchpoint at its end,
/// or the hardware's bounds (`Stack protection fault`).
std::optional<std::string> overflowed_task_in(std::string_view line);

/// The two addresses in `Stack bounds: 0x40825c28 - 0x40827e20`; empty for other lines.
std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds_in(std::string_view line);

/// The error code in `ESP_ERROR_CHECK failed: esp_err_t 0x102 (ESP_ERR_INVALID_ARG) at …`; empty
/// for other lines.
std::optional<std::uint32_t> error_code_in(std::string_view line);

/// Whether the line says that the core was in an interrupt: `Core  0 was running in ISR context:`.
bool tells_interrupt(std::string_view line);

/// A reset without a panic: `Brownout detector was triggered`; empty for other lines.
std::string_view reset_in(std::string_view line);

/// Another line of a panic, which often comes before it: `ESP_ERROR_CHECK failed: …`; empty for
/// other lines.
std::string_view remark_in(std::string_view line);

/// Whether the device has finished a panic, or was reset.
bool ends_panic(std::string_view line);

/// The chip in the boot message of its ROM, `ESP-ROM:esp32c3-api1-20210207`; empty for other lines.
std::string_view chip_in(std::string_view line);

/// major * 100 + minor from `chip revision: v0.4`; empty for other lines.
std::optional<unsigned> chip_revision_in(std::string_view line);

}  // namespace coredepot::decoder
