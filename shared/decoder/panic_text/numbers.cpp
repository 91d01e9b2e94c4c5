#include "decoder/panic_text/numbers.hpp"

#include <algorithm>
#include <cstddef>

#include "decoder/arch/cpu.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kWordDigits = 8;
constexpr std::string_view kHexPrefix = "0x";

/// Registers of the exception hardware are printed for a core that was in an interrupt.
bool is_noted_register(const Cpu& cpu, std::string_view name) {
    return cpu.noted_registers != nullptr &&
           std::ranges::any_of(cpu.noted_registers->others, [name](const auto& entry) {
               return equal_ignoring_case(entry.name, name);
           });
}

bool is_register_of(const Cpu& cpu, std::string_view name) {
    return std::ranges::find(cpu.registers, name, &CpuRegister::printed) != cpu.registers.end() ||
           std::ranges::find(cpu.other_registers, name) != cpu.other_registers.end() ||
           is_noted_register(cpu, name) || name == cpu.cause_register.printed ||
           name == cpu.address_register.printed;
}

std::string_view without_blanks_in_front(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The word of capitals, digits and slashes at the end of `text`, ignoring blanks.
std::string_view last_name(std::string_view text) {
    text = trimmed(text);
    const auto is_part = [](char c) {
        return (is_letter(c) && !is_lower_letter(c)) || is_digit(c) || c == '/';
    };
    const auto* const start = std::find_if_not(text.rbegin(), text.rend(), is_part).base();
    return {start, text.end()};
}

}  // namespace

bool is_register(std::string_view name) {
    return std::ranges::any_of(all_cpus(),
                               [name](const Cpu* cpu) { return is_register_of(*cpu, name); });
}

std::optional<std::uint32_t> take_hex(std::string_view& text) {
    if (!text.starts_with(kHexPrefix)) {
        return std::nullopt;
    }
    std::size_t end = kHexPrefix.size();
    std::uint64_t value = 0;
    while (end < text.size() && is_hex_digit(text[end])) {
        if (end == kHexPrefix.size() + kWordDigits) {
            // ESP-IDF 4.3 and 4.4 omit the blank between the first and the second frame.
            if (text.substr(end).starts_with(kHexPrefix)) {
                break;
            }
            return std::nullopt;
        }
        value = value * 16 + static_cast<unsigned>(hex_value(text[end++]));
    }
    if (end == kHexPrefix.size()) {
        return std::nullopt;
    }
    text.remove_prefix(end);
    return static_cast<std::uint32_t>(value);
}

std::map<std::string, std::uint32_t> read_registers(std::string_view line) {
    std::map<std::string, std::uint32_t> registers;
    for (auto colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':')) {
        const auto name = last_name(line.substr(0, colon));
        line = without_blanks_in_front(line.substr(colon + 1));
        const auto value = take_hex(line);
        if (value && is_register(name)) {
            registers.emplace(name, *value);
        }
    }
    return registers;
}

std::vector<ListedFrame> read_frames(std::string_view text) {
    std::vector<ListedFrame> frames;
    while (true) {
        text = without_blanks_in_front(text);
        const auto pc = take_hex(text);
        if (!pc || !text.starts_with(':')) {
            return frames;
        }
        text.remove_prefix(1);
        const auto sp = take_hex(text);
        if (!sp) {
            return frames;
        }
        frames.push_back({*pc, *sp});
    }
}

std::optional<StackLine> read_stack_line(std::string_view line) {
    const auto colon = line.find(": 0x");
    if (colon == std::string_view::npos || colon < kWordDigits) {
        return std::nullopt;
    }
    const auto start = colon - kWordDigits;
    if (start > 0 && is_letter_or_digit(line[start - 1])) {
        return std::nullopt;  // `0x400d1f4d: …` comes from a tool that looks up addresses
    }
    std::string number{kHexPrefix};
    number += line.substr(start, kWordDigits);
    std::string_view digits = number;
    const auto address = take_hex(digits);
    if (!address || !digits.empty()) {
        return std::nullopt;
    }
    StackLine found{*address, {}};
    line.remove_prefix(colon + 1);
    while (true) {
        line = without_blanks_in_front(line);
        const auto word = take_hex(line);
        if (!word) {
            break;
        }
        found.words.push_back(*word);
    }
    return found;
}

}  // namespace coredepot::decoder
