#include "decoder/values/bit_field.hpp"

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/dwarf/type.hpp"

namespace coredepot::decoder {
namespace {

/// The position of a bit field's lowest bit within the structure.
std::optional<std::size_t> bit_position(Dwarf_Die& member, std::size_t bits) {
    if (const auto position = number_attribute(member, DW_AT_data_bit_offset)) {
        return std::size_t{*position};
    }
    // Before DWARF 5, it counts from the most significant bit of a unit of the declared type.
    const auto from_top = signed_attribute(member, DW_AT_bit_offset);
    const auto type = type_of(member);
    auto unit = number_attribute(member, DW_AT_byte_size);
    if (!unit && type) {
        unit = type_size(*type);
    }
    if (!from_top || !unit || *unit > sizeof(std::uint64_t)) {
        return std::nullopt;
    }
    const auto start = member_offset(member).value_or(0);
    const auto position = static_cast<std::int64_t>((start + *unit) * kBitsPerByte) - *from_top -
                          static_cast<std::int64_t>(bits);
    return position < 0 ? std::nullopt : std::optional{static_cast<std::size_t>(position)};
}

}  // namespace

std::uint64_t BitField::value(std::span<const std::byte> bytes) const {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    return load_number(bytes) >> shift & mask;
}

std::optional<BitField> bit_field(Dwarf_Die& member, std::uint64_t bits) {
    const auto position = bit_position(member, std::size_t{bits});
    if (!position || bits == 0 || bits > 64 - kBitsPerByte || *position > UINT32_MAX) {
        return std::nullopt;
    }
    const std::size_t shift = *position % kBitsPerByte;
    return BitField{*position / kBitsPerByte, (shift + bits + kBitsPerByte - 1) / kBitsPerByte,
                    shift, std::size_t{bits}};
}

}  // namespace coredepot::decoder
