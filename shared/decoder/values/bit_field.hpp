#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Where the bits of a bit field are.
struct BitField {
    std::size_t offset = 0;  ///< of the first byte that contains some, within the structure
    std::size_t size = 0;    ///< how many bytes contain some
    std::size_t shift = 0;   ///< of the lowest bit, within the first byte
    std::size_t bits = 0;    ///< how many bits: 1 to 56, so that eight bytes contain them all

    /// Their value, from the bytes that contain some. The bits above are zero.
    std::uint64_t value(std::span<const std::byte> bytes) const;
};

/// Locates `member`, which has a DW_AT_bit_size of `bits`; empty when there are too many bits, or
/// when their place is not understood.
std::optional<BitField> bit_field(Dwarf_Die& member, std::uint64_t bits);

}  // namespace coredepot::decoder
