#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Where the bits of a member are that is a bit field.
struct BitField {
    std::size_t offset = 0;  ///< of the first byte that has some of them, within the structure
    std::size_t size = 0;    ///< how many bytes have some
    std::size_t shift = 0;   ///< of the lowest one, within the first byte
    std::size_t bits = 0;    ///< how many there are: 1 to 56, so that eight bytes have them all

    /// Their value, from the bytes that have some; the bits above are zero.
    std::uint64_t value(std::span<const std::byte> bytes) const;
};

/// Of `member`, which has a DW_AT_bit_size of `bits`; empty: more than is taken, or it is not
/// understood where they are.
std::optional<BitField> bit_field(Dwarf_Die& member, std::uint64_t bits);

}  // namespace coredepot::decoder
