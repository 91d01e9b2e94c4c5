#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "decoder/index/debug_index.hpp"

namespace coredepot::decoder {

/// The version of the format and of what build_index() puts into it. Increase it when either
/// changes.
constexpr std::uint32_t kIndexVersion = 2;

/// The largest index in bytes: twelve for each range, and a frame.
constexpr std::size_t kMaxIndexBytes = 12 * kMaxRanges + 256;

/// The content of a file for `index` of the ELF with this SHA-256 (64 hex digits). Little-endian:
///
///     "CDELFIDX"  version u32  SHA-256 of the ELF, 64 hex digits
///     place of the task control block u32, 0: none  number of ranges u32
///     for each range: start u32, end u32, unit u32
///     SHA-256 of all before, 64 hex digits
std::string write_index(const DebugIndex& index, std::string_view elf_sha256);

/// Reads the index that write_index() made for this ELF; empty when `bytes` are anything else, for
/// example from another version or ELF, cut off, or damaged.
std::optional<DebugIndex> read_index(std::string_view bytes, std::string_view elf_sha256);

}  // namespace coredepot::decoder
