#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/panic_text/panic_text.hpp"

namespace coredepot::decoder {

/// Takes a number like `0x3ffb5030`, of one to eight digits, off the front of `text`. If there is
/// none, returns empty and leaves `text` unchanged.
std::optional<std::uint32_t> take_hex(std::string_view& text);

/// Whether `name` is ESP-IDF's name of a register, on any CPU.
bool is_register(std::string_view name);

/// The registers by name in a line of a register dump, `PC      : 0x400e14ed  PS      :
/// 0x00060030`. Leaves out names that no ESP32 has.
std::map<std::string, std::uint32_t> read_registers(std::string_view line);

/// The entries `pc:sp` at the start of `text`, separated by blanks.
std::vector<ListedFrame> read_frames(std::string_view text);

/// A line of `Stack memory:`, `3fc98300: 0x00000000 0x42001c4c`.
struct StackLine {
    std::uint32_t address = 0;
    std::vector<std::uint32_t> words;
};

/// Empty when `line` is not one.
std::optional<StackLine> read_stack_line(std::string_view line);

}  // namespace coredepot::decoder
