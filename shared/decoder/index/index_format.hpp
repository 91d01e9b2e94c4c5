#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "decoder/index/debug_index.hpp"

namespace coredepot::decoder {

/// Of the format, and of what build_index() puts into it: whoever changes either adds one.
constexpr std::uint32_t kIndexVersion = 2;

/// The most bytes that an index takes: twelve for each range, and what is around them.
constexpr std::size_t kMaxIndexBytes = 12 * kMaxRanges + 256;

/// `index`, of the ELF with this SHA-256 (64 hex digits), as it is kept in a file. Little-endian:
///
///     "CDELFIDX"  version u32  SHA-256 of the ELF, 64 hex digits
///     place of the task control block u32, 0: none  number of ranges u32
///     for each range: start u32, end u32, unit u32
///     SHA-256 of all before, 64 hex digits
std::string write_index(const DebugIndex& index, std::string_view elf_sha256);

/// The index that write_index() made for this ELF; empty: `bytes` are anything else, such as one of
/// another version or ELF, or one that was cut off or damaged.
std::optional<DebugIndex> read_index(std::string_view bytes, std::string_view elf_sha256);

}  // namespace coredepot::decoder
