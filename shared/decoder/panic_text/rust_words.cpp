#include "decoder/panic_text/rust_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "decoder/bytes/printable.hpp"
#include "decoder/panic_text/numbers.hpp"
#include "decoder/panic_text/words.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::string_view kPanicked = "panicked at";
constexpr std::string_view kContext = "Context {";      // Xtensa
constexpr std::string_view kTrapFrame = "TrapFrame {";  // RISC-V

constexpr std::array<std::string_view, 2> kOverflows = {
    "Stack overflow detected at 0x", "Detected a write to the stack guard value"};

/// A register, and its value's digits.
using Digits = std::vector<std::pair<std::string, std::string_view>>;

std::string upper(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        c = is_lower_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return result;
}

/// ESP-IDF's name for the register `name`. `riscv`: it belongs to that CPU.
std::string printed_name(std::string_view name, bool riscv) {
    std::string printed = upper(name.substr(0, name.find("/x")));  // `RA/x1`
    if (printed == "S0") {
        return "S0/FP";
    }
    return riscv && printed == "PC" ? "MEPC" : printed;
}

constexpr bool is_part_of_name(char c) {
    return is_letter_or_digit(c) || c == '/' || c == '_';
}

/// `PC=0x42000100       PS=0x00060030`, `SAR=00000011`.
Digits assigned(std::string_view line) {
    Digits found;
    const bool riscv = has(line, "/x1=");  // on the same line as the pc
    for (auto sign = line.find('='); sign != std::string_view::npos;
         sign = line.find('=', sign + 1)) {
        const auto before = line.substr(0, sign);
        const auto start = static_cast<std::size_t>(
            before.rend() - std::find_if_not(before.rbegin(), before.rend(), is_part_of_name));
        auto value = line.substr(sign + 1);
        value.remove_prefix(value.starts_with("0x") ? 2 : 0);
        const auto* const end = std::ranges::find_if_not(value, is_hex_digit);
        found.emplace_back(printed_name(before.substr(start), riscv),
                           value.substr(0, static_cast<std::size_t>(end - value.begin())));
    }
    return found;
}

/// Reads `{ ra: 1108277650, t0: 202 }`; `text` starts after the brace.
Digits members(std::string_view text, bool riscv) {
    Digits found;
    text = text.substr(0, text.find('}'));
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto member = text.substr(0, comma);
        const auto colon = member.find(':');
        if (colon != std::string_view::npos) {
            auto value = trimmed(member.substr(colon + 1));
            value.remove_prefix(value.starts_with("0x") ? 2 : 0);
            found.emplace_back(printed_name(trimmed(member.substr(0, colon)), riscv), value);
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return found;
}

/// The same structure may be printed in decimal (`{:?}`) or hexadecimal (`{:x?}`) without saying
/// which. It is hexadecimal if one of the numbers has a letter, and decimal if one is too long for
/// hexadecimal.
bool is_decimal(const Digits& digits) {
    constexpr std::size_t kHexDigits = 8;
    bool longer = false;
    for (const auto& [name, value] : digits) {
        if (std::ranges::any_of(value, is_letter) ||
            (value.size() == kHexDigits && value.starts_with('0'))) {
            return false;
        }
        longer = longer || value.size() > kHexDigits;
    }
    return longer;
}

std::map<std::string, std::uint32_t> numbers(const Digits& digits, int base) {
    std::map<std::string, std::uint32_t> found;
    for (const auto& [name, value] : digits) {
        std::uint32_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number, base);
        if (error == std::errc{} && end == value.data() + value.size() && is_register(name)) {
            found.emplace(name, number);
        }
    }
    return found;
}

std::map<std::string, std::uint32_t> overflow_registers(std::string_view line) {
    std::map<std::string, std::uint32_t> found;
    for (const auto& [before, name] : {std::pair{" at ", "MEPC"}, std::pair{" called by ", "RA"}}) {
        auto rest = part_between(line, before, "").value_or("");
        if (const auto address = take_hex(rest)) {
            found.emplace(name, *address);
        }
    }
    return found;
}

}  // namespace

RustPanic rust_panic_in(std::string_view line) {
    if (const auto start = line.find(kPanicked); start != std::string_view::npos) {
        const auto thread = line.find("thread '");
        // At the end of a line, defmt says who wrote it.
        const auto text = line.substr(start, line.find(" (esp_backtrace", start) - start);
        return {std::min(thread, start), printable(trimmed(text))};
    }
    constexpr std::string_view kOccured = "!! A panic occured in '";
    const auto place = part_between(line, kOccured, "'");
    if (!place) {
        return {};
    }
    std::string text{kPanicked};
    text += ' ' + printable(*place);
    for (const std::string_view before : {"at line ", "column "}) {
        const auto rest = part_between(line, before, "").value_or("");
        const auto* const end = std::ranges::find_if_not(rest, is_digit);
        text += ':';
        text += rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    }
    return {line.find(kOccured), text + ':'};
}

std::string_view rust_overflow_in(std::string_view line) {
    for (const auto words : kOverflows) {
        if (const auto start = line.find(words); start != std::string_view::npos) {
            return trimmed(line.substr(start));
        }
    }
    return {};
}

std::string_view rust_exception_in(std::string_view line) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kForms = {
        {{"Exception occured '", "'"},
         {"Exception occurred '", "'"},
         {"Exception '", "' mepc="},
         {"Exception: ", ", Context {"}}};
    std::optional<std::string_view> name;
    for (const auto& [before, after] : kForms) {
        name = name ? name : part_between(line, before, after);
    }
    if (const auto rest = part_between(line, "Exception occurred on ", ""); !name && rest) {
        name = part_between(*rest, "Cpu '", "'");
    }
    const auto text = name.value_or("");
    return text.substr(0, text.find(" ("));  // `Load access fault (5)`
}

std::map<std::string, std::uint32_t> rust_registers_in(std::string_view line) {
    for (const auto& [begin, riscv] : {std::pair{kContext, false}, std::pair{kTrapFrame, true}}) {
        if (const auto text = part_between(line, begin, "")) {
            const Digits digits = members(*text, riscv);
            constexpr int kDecimal = 10;
            constexpr int kHex = 16;
            return numbers(digits, is_decimal(digits) ? kDecimal : kHex);
        }
    }
    if (!rust_overflow_in(line).empty()) {
        return overflow_registers(line);
    }
    return numbers(assigned(line), 16);
}

std::optional<std::uint32_t> listed_call_in(std::string_view line) {
    const auto start = line.find("0x");
    if (start == std::string_view::npos || (start > 0 && line[start - 1] != ' ')) {
        return std::nullopt;
    }
    auto rest = line.substr(start);
    const auto address = take_hex(rest);
    rest = trimmed(rest);
    return rest.empty() || rest.starts_with('(') ? address : std::nullopt;
}

std::optional<RustStack> rust_stack_in(std::string_view line) {
    constexpr std::size_t kDigits = 8;
    auto rest = part_between(line, "STACKDUMP: ", "");
    const auto take_word = [&](std::string_view& text) -> std::optional<std::uint32_t> {
        std::uint32_t word = 0;
        const auto digits = text.substr(0, kDigits);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), word, 16);
        if (digits.size() < kDigits || error != std::errc{} || end != digits.end()) {
            return std::nullopt;
        }
        text.remove_prefix(kDigits);
        return word;
    };
    const auto pc = rest ? take_word(*rest) : std::nullopt;
    if (!pc || !rest->starts_with(' ')) {
        return std::nullopt;
    }
    rest->remove_prefix(1);
    RustStack stack{*pc, {}};
    while (const auto word = take_word(*rest)) {
        stack.words.push_back(__builtin_bswap32(*word));  // the bytes are printed one by one
    }
    return stack;
}

}  // namespace coredepot::decoder
