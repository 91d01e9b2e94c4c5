#include "decoder/values/scalar_text.hpp"

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/c_literal.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/member_pointer_text.hpp"
#include "decoder/values/number_text.hpp"
#include "decoder/values/wide_character.hpp"

namespace coredepot::decoder {

namespace {

std::string inaccessible(std::uint32_t address) {
    return "<error: Cannot access memory at address " + hex(address) + '>';
}

}  // namespace

std::string ScalarText::write(const Dwarf_Die& type, std::uint64_t value, std::size_t bits) const {
    auto without_typedefs = plain_type(type);
    if (!without_typedefs) {
        return gap_text(Gap::Unsupported);
    }
    const std::string text = plain(*without_typedefs, value, bits);
    const auto wide = wide_character(type);
    return wide ? text + ' ' + wide_literal(*wide, static_cast<std::uint32_t>(value)) : text;
}

/// `type` must have no typedefs and qualifiers.
std::string ScalarText::plain(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const {
    switch (dwarf_tag(&type)) {
        case DW_TAG_pointer_type:
            return pointer(type, static_cast<std::uint32_t>(value));
        case DW_TAG_reference_type:
        case DW_TAG_rvalue_reference_type:
            return reference(type, static_cast<std::uint32_t>(value));
        case DW_TAG_enumeration_type:
            return enumerators_.write(type, value, bits);
        case DW_TAG_ptr_to_member_type:
            return member_pointer_text(type, value, symbols_, deadline_);
        case DW_TAG_base_type:
            return number_text(type, value, bits);
        default:
            return hex(value);
    }
}

std::string ScalarText::pointer(Dwarf_Die& type, std::uint32_t address) const {
    std::string text = hex(address);
    if (address == 0) {
        return text;
    }
    if (const std::string symbol = symbols_.describe_any(address); !symbol.empty()) {
        text += " <" + symbol + '>';
    }
    const auto target = type_of(type);
    if (const auto wide = target ? wide_character(*target) : std::nullopt) {
        const auto bytes = memory_.read(address, (kMaxStringBytes + 1) * wide->size);
        return text + ' ' +
               (bytes.size() < wide->size ? inaccessible(address) : wide_string(*wide, bytes));
    }
    auto plain = target ? plain_type(*target) : std::nullopt;
    if (plain && is_character(*plain)) {
        const auto bytes = memory_.read(address, kMaxStringBytes + 1);
        text += ' ' + (bytes.empty() ? inaccessible(address) : quoted_string(bytes));
    }
    return text;
}

std::string ScalarText::reference(Dwarf_Die& type, std::uint32_t address) const {
    std::string text = '@' + hex(address);
    const auto target = type_of(type);
    auto plain = target ? plain_type(*target) : std::nullopt;
    const auto size = plain ? type_size(*plain) : std::nullopt;
    if (!size || *size > sizeof(std::uint64_t) || is_structure(*plain) ||
        dwarf_tag(&*plain) == DW_TAG_array_type) {
        return text;
    }
    const auto bytes = memory_.read(address, *size);
    if (bytes.size() != *size || *size == 0) {
        return text + ": " + inaccessible(address);
    }
    // References to references do not exist; do not follow a hostile one.
    const int tag = dwarf_tag(&*plain);
    const bool again = tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
    return text + ": " +
           (again ? hex(load_number(bytes))
                  : write(*target, load_number(bytes), *size * kBitsPerByte));
}

}  // namespace coredepot::decoder
