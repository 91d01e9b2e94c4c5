#include "decoder/values/raw_value.hpp"

#include <algorithm>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/c_literal.hpp"
#include "decoder/values/complex_text.hpp"

namespace coredepot::decoder {
namespace {

bool is_number(Dwarf_Die& plain) {
    const int tag = dwarf_tag(&plain);
    const auto encoding = number_attribute(plain, DW_AT_encoding).value_or(0);
    return tag == DW_TAG_pointer_type || tag == DW_TAG_enumeration_type ||
           (tag == DW_TAG_base_type && encoding != DW_ATE_float && !is_complex(plain));
}

}  // namespace

std::optional<std::uint64_t> raw_number(const Dwarf_Die& type, const Contents& contents) {
    auto plain = plain_type(type);
    const auto size = type_size(type);
    if (!plain || !size || *size == 0 || *size > sizeof(std::uint64_t) || !is_number(*plain) ||
        contents.gap(0, *size) != Gap::None) {
        return std::nullopt;
    }
    return load_number(std::span{contents.bytes}.first(*size));
}

std::optional<std::string> pointed_text(const Dwarf_Die& type, std::uint64_t address,
                                        const KnownMemory& memory) {
    if (address > UINT32_MAX) {
        return std::nullopt;
    }
    return pointed_text(type, memory.read(static_cast<std::uint32_t>(address), kMaxStringBytes));
}

std::optional<std::string> pointed_text(const Dwarf_Die& type, std::span<const std::byte> bytes) {
    auto pointer = plain_type(type);
    if (!pointer || dwarf_tag(&*pointer) != DW_TAG_pointer_type) {
        return std::nullopt;
    }
    const auto target = type_of(*pointer);
    auto plain = target ? plain_type(*target) : std::nullopt;
    if (!plain || !is_text(*plain)) {
        return std::nullopt;
    }
    bytes = bytes.first(std::min(bytes.size(), kMaxStringBytes));
    const auto end = std::ranges::find(bytes, std::byte{0});
    if (end == bytes.end() && bytes.size() < kMaxStringBytes) {
        return std::nullopt;
    }
    return printable({reinterpret_cast<const char*>(bytes.data()),
                      static_cast<std::size_t>(end - bytes.begin())});
}

}  // namespace coredepot::decoder
