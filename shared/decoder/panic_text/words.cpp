#include "decoder/panic_text/words.hpp"

#include <algorithm>
#include <array>

#include "decoder/panic_text/numbers.hpp"
#include "decoder/target/chip.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

/// The start of each reason, from ESP-IDF's components esp_system and newlib. `assertion "` is
/// newlib's own, before ESP-IDF 4.4.
constexpr std::array<std::string_view, 6> kReasonWords = {
    "abort() was called at PC",        "assert failed: ", "***ERROR*** A stack overflow in task",
    "Stack smashing protect failure!", "assertion \"",    "Task watchdog got triggered."};

constexpr std::array<std::string_view, 7> kRemarks = {
    "ESP_ERROR_CHECK failed:", "expression: ", "CORRUPT HEAP:",
    "terminate called",        "what():  ",    "Debug exception reason:",
    "Detected in task \""};

constexpr std::array<std::string_view, 5> kEnds = {"Rebooting...", "CPU halted.",
                                                   "Entering gdb stub", "ESP-ROM:", "rst:0x"};

constexpr std::array<std::string_view, 1> kResets = {"Brownout detector was triggered"};

/// The rest of `line` from one of `beginnings` on; empty when it has none of them.
template <std::size_t Count>
std::string_view from_first(std::string_view line,
                            const std::array<std::string_view, Count>& beginnings) {
    for (const auto beginning : beginnings) {
        if (const auto start = line.find(beginning); start != std::string_view::npos) {
            return trimmed(line.substr(start));
        }
    }
    return {};
}

/// Enough for a core's number or a revision.
constexpr std::size_t kMaxDigits = 3;

/// Takes a number of at most kMaxDigits digits off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
    const auto* const end = std::ranges::find_if_not(text, is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin());
    if (digits == 0 || digits > kMaxDigits) {
        return std::nullopt;
    }
    unsigned number = 0;
    for (const char digit : text.substr(0, digits)) {
        number = number * 10 + static_cast<unsigned>(digit - '0');
    }
    text.remove_prefix(digits);
    return number;
}

/// The text after the tag of ESP-IDF's log, `E (10303) task_wdt: `, if there is one.
std::string_view without_tag(std::string_view line) {
    constexpr std::string_view kTag = "task_wdt: ";
    const auto tag = line.find(kTag);
    return tag == std::string_view::npos ? line : line.substr(tag + kTag.size());
}

}  // namespace

std::optional<unsigned> number_behind(std::string_view line, std::string_view before) {
    const auto start = line.find(before);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    auto rest = trimmed(line.substr(start + before.size()));
    return take_number(rest);
}

std::optional<std::string_view> part_between(std::string_view line, std::string_view before,
                                             std::string_view after) {
    const auto start = line.find(before);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const auto rest = line.substr(start + before.size());
    const auto end = after.empty() ? rest.size() : rest.find(after);
    return end == std::string_view::npos ? std::nullopt : std::optional{rest.substr(0, end)};
}

std::string_view reason_in(std::string_view line) {
    return from_first(line, kReasonWords);
}

bool is_of_task_watchdog(std::string_view reason) {
    return reason.starts_with(kReasonWords.back());
}

std::string starved_task_in(std::string_view line) {
    constexpr std::string_view kItem = "- ";
    const auto text = without_tag(line);
    if (!trimmed(text).ends_with(')') || text.find(" (CPU ") == std::string_view::npos) {
        return {};
    }
    const auto item = text.rfind(kItem, text.find(" (CPU "));
    return item == std::string_view::npos ? std::string{}
                                          : ' ' + std::string{trimmed(text.substr(item))};
}

std::optional<std::pair<unsigned, std::string>> running_task_in(std::string_view line) {
    constexpr std::string_view kCpu = "CPU ";
    const auto text = without_tag(line);
    const auto start = text.find(kCpu);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    auto rest = text.substr(start + kCpu.size());
    const auto core = take_number(rest);
    if (!core || !rest.starts_with(": ")) {
        return std::nullopt;
    }
    return std::pair{*core, std::string{trimmed(rest.substr(2))}};
}

std::optional<std::string> overflowed_task_in(std::string_view line) {
    constexpr std::string_view kCanary = "Stack canary watchpoint triggered (";
    for (const auto& [before, after] :
         {std::pair{kCanary, std::string_view{")"}},
          std::pair{std::string_view{"Detected in task \""}, std::string_view{"\""}}}) {
        if (const auto name = part_between(line, before, after)) {
            return std::string{trimmed(*name)};
        }
    }
    return std::nullopt;
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> stack_bounds_in(std::string_view line) {
    auto text = trimmed(part_between(line, "Stack bounds:", "").value_or(""));
    const auto start = take_hex(text);
    constexpr std::string_view kTo = " - ";
    if (!start || !text.starts_with(kTo)) {
        return std::nullopt;
    }
    text.remove_prefix(kTo.size());
    const auto end = take_hex(text);
    return end ? std::optional{std::pair{*start, *end}} : std::nullopt;
}

std::optional<std::uint32_t> error_code_in(std::string_view line) {
    auto text = part_between(line, "ESP_ERROR_CHECK failed: esp_err_t ", "").value_or("");
    return take_hex(text);
}

bool tells_interrupt(std::string_view line) {
    return has(line, "was running in ISR context");
}

std::string_view reset_in(std::string_view line) {
    return from_first(line, kResets);
}

std::string_view remark_in(std::string_view line) {
    return from_first(line, kRemarks);
}

bool ends_panic(std::string_view line) {
    return !from_first(line, kEnds).empty();
}

std::string_view chip_in(std::string_view line) {
    const auto name = part_between(line, "ESP-ROM:", "-").value_or("");
    return find_chip(name) == nullptr ? std::string_view{} : name;
}

std::optional<unsigned> chip_revision_in(std::string_view line) {
    constexpr unsigned kMajor = 100;  // ESP-IDF counts like this (efuse_hal_chip_revision())
    for (const std::string_view before : {"hip revision: v", "Chip rev:"}) {
        auto rest = trimmed(part_between(line, before, "").value_or(""));
        rest.remove_prefix(rest.starts_with('v') ? 1 : 0);
        const auto major = take_number(rest);
        if (major && rest.starts_with('.')) {
            rest.remove_prefix(1);
            const auto minor = take_number(rest);
            return minor ? std::optional{*major * kMajor + *minor} : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
