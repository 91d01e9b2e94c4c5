#include "decoder/value_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>

#include <dwarf.h>

#include "decoder/dwarf_type.hpp"
#include "decoder/dwarf_walk.hpp"
#include "decoder/hex.hpp"
#include "decoder/printable.hpp"
#include "decoder/text_value.hpp"

namespace coredepot::decoder {
namespace {

/// Of a structure or an array: what a reader takes in at a glance.
constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxElements = 8;
/// An enumeration of a thousand events is a large one.
constexpr std::size_t kMaxEnumerators = 4096;
/// Structures within structures are not opened.
constexpr int kMaxDepth = 1;
constexpr std::size_t kBitsPerByte = 8;

std::uint64_t load(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << kBitsPerByte | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

std::int64_t sign_extended(std::uint64_t value, std::size_t bits) {
    const auto unused = 64 - bits;
    return static_cast<std::int64_t>(value << unused) >> unused;
}

std::string floating(double value, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

/// Whether elements of this type make up text. As in gdb, bytes count as characters.
bool is_character(Dwarf_Die& plain) {
    const std::uint64_t encoding = number_attribute(plain, DW_AT_encoding).value_or(0);
    return dwarf_tag(&plain) == DW_TAG_base_type &&
           number_attribute(plain, DW_AT_byte_size) == 1U &&
           (encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char ||
            encoding == DW_ATE_UTF);
}

bool is_structure(int tag) {
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

/// Position of the lowest bit of a member that is a bit field, within the structure.
std::optional<std::size_t> bit_position(Dwarf_Die& member, std::size_t bits) {
    if (const auto position = number_attribute(member, DW_AT_data_bit_offset)) {
        return std::size_t{*position};
    }
    // Before DWARF 5: counted from the most significant bit of a unit of the declared type.
    const auto from_top = signed_attribute(member, DW_AT_bit_offset);
    const auto type = type_of(member);
    auto unit = number_attribute(member, DW_AT_byte_size);
    if (!unit && type) {
        unit = type_size(*type);
    }
    if (!from_top || !unit || *unit > sizeof(std::uint64_t)) {
        return std::nullopt;
    }
    const auto start = number_attribute(member, DW_AT_data_member_location).value_or(0);
    const auto position = static_cast<std::int64_t>((start + *unit) * kBitsPerByte) - *from_top -
                          static_cast<std::int64_t>(bits);
    return position < 0 ? std::nullopt : std::optional{static_cast<std::size_t>(position)};
}

}  // namespace

std::string gap_text(Gap gap) {
    switch (gap) {
        case Gap::Synthetic:
            return "<synthetic pointer>";
        case Gap::Unreadable:
            return "<unreadable>";
        case Gap::Unsupported:
            return "<unknown>";
        default:
            return "<optimized out>";
    }
}

std::string ValueText::write(const Dwarf_Die& type, const Contents& contents) const {
    return any(type, Slot{contents});
}

std::string ValueText::any(const Dwarf_Die& type, const Slot& slot) const {
    deadline_.check();
    const auto plain = plain_type(type);
    const auto size = type_size(type);
    if (!plain || !size) {
        return gap_text(Gap::Unsupported);
    }
    Dwarf_Die die = *plain;
    const int tag = dwarf_tag(&die);
    if (is_structure(tag)) {
        return slot.depth < kMaxDepth ? structure(die, slot) : "{...}";
    }
    if (tag == DW_TAG_array_type) {
        return slot.depth <= kMaxDepth ? array(die, slot) : "{...}";
    }
    if (const Gap gap = slot.contents.gap(slot.offset, *size); gap != Gap::None) {
        return gap_text(gap);
    }
    if (*size == 0 || *size > sizeof(std::uint64_t)) {
        return gap_text(Gap::Unsupported);
    }
    return scalar(die, load(slot.bytes(*size)), *size * kBitsPerByte);
}

std::string ValueText::scalar(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const {
    switch (dwarf_tag(&type)) {
        case DW_TAG_pointer_type:
            return pointer(type, static_cast<std::uint32_t>(value));
        case DW_TAG_reference_type:
        case DW_TAG_rvalue_reference_type:
            return reference(type, static_cast<std::uint32_t>(value));
        case DW_TAG_enumeration_type:
            return enumerator(type, value, bits);
        case DW_TAG_base_type:
            break;
        default:
            return hex(value);
    }
    const auto encoding = number_attribute(type, DW_AT_encoding).value_or(0);
    switch (encoding) {
        case DW_ATE_boolean:
            return value == 0 ? "false" : value == 1 ? "true" : std::to_string(value);
        case DW_ATE_float:
            return bits == 32 ? floating(std::bit_cast<float>(static_cast<std::uint32_t>(value)), 9)
                   : bits == 64 ? floating(std::bit_cast<double>(value), 17)
                                : hex(value);
        case DW_ATE_signed:
            return std::to_string(sign_extended(value, bits));
        case DW_ATE_signed_char:
        case DW_ATE_unsigned_char: {
            const std::string number = encoding == DW_ATE_signed_char
                                           ? std::to_string(sign_extended(value, bits))
                                           : std::to_string(value);
            const bool character = bits <= kBitsPerByte;
            return character ? number + " '" + escaped(static_cast<std::byte>(value), '\'') + '\''
                             : number;
        }
        default:
            return std::to_string(value);
    }
}

std::string ValueText::pointer(Dwarf_Die& type, std::uint32_t address) const {
    std::string text = hex(address);
    if (address == 0) {
        return text;
    }
    if (const std::string symbol = symbols_.describe_any(address); !symbol.empty()) {
        text += " <" + symbol + '>';
    }
    const auto target = type_of(type);
    auto plain = target ? plain_type(*target) : std::nullopt;
    if (plain && is_character(*plain)) {
        const auto bytes = memory_.read(address, kMaxStringBytes + 1);
        text +=
            ' ' + (bytes.empty() ? "<error: Cannot access memory at address " + hex(address) + '>'
                                 : quoted_string(bytes));
    }
    return text;
}

std::string ValueText::reference(Dwarf_Die& type, std::uint32_t address) const {
    std::string text = '@' + hex(address);
    const auto target = type_of(type);
    auto plain = target ? plain_type(*target) : std::nullopt;
    const auto size = plain ? type_size(*plain) : std::nullopt;
    if (!size || *size > sizeof(std::uint64_t) || is_structure(dwarf_tag(&*plain)) ||
        dwarf_tag(&*plain) == DW_TAG_array_type) {
        return text;
    }
    const auto bytes = memory_.read(address, *size);
    if (bytes.size() != *size || *size == 0) {
        return text + ": " + gap_text(Gap::Unreadable);
    }
    // A reference to a reference cannot be; a hostile one is not followed.
    const int tag = dwarf_tag(&*plain);
    const bool again = tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
    return text + ": " +
           (again ? hex(load(bytes)) : scalar(*plain, load(bytes), *size * kBitsPerByte));
}

std::string ValueText::structure(Dwarf_Die& type, const Slot& slot) const {
    // Where nothing at all is known, once is enough.
    const auto size = type_size(type).value_or(0);
    const Gap gap = slot.contents.gap(slot.offset, size);
    const auto known = std::ranges::find(slot.contents.gaps, Gap::None);
    if (gap != Gap::None && known == slot.contents.gaps.end()) {
        return gap_text(gap);
    }
    std::string text;
    std::size_t count = 0;
    for_each_child(type, deadline_, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
            dwarf_hasattr(&child, DW_AT_declaration) != 0 ||
            dwarf_hasattr(&child, DW_AT_external) != 0) {
            return true;
        }
        text += text.empty() ? "" : ", ";
        if (++count > kMaxMembers) {
            text += "...";
            return false;
        }
        const char* const name = dwarf_diename(&child);
        if (tag == DW_TAG_inheritance) {
            text += '<' + type_name(type_of(child)) + "> = ";
        } else if (name != nullptr) {
            text += printable(name) + " = ";
        }
        text += member(child, slot);
        return true;
    });
    return '{' + text + '}';
}

std::string ValueText::member(Dwarf_Die& member, const Slot& slot) const {
    const auto type = type_of(member);
    if (!type) {
        return gap_text(Gap::Unsupported);
    }
    if (const auto bits = number_attribute(member, DW_AT_bit_size)) {
        const auto position = bit_position(member, std::size_t{*bits});
        auto plain = plain_type(*type);
        if (!position || !plain || *bits == 0 || *bits > 64 - kBitsPerByte ||
            *position > UINT32_MAX) {
            return gap_text(Gap::Unsupported);
        }
        const std::size_t first = slot.offset + *position / kBitsPerByte;
        const std::size_t shift = *position % kBitsPerByte;
        const std::size_t bytes = (shift + *bits + kBitsPerByte - 1) / kBitsPerByte;
        if (const Gap gap = slot.contents.gap(first, bytes); gap != Gap::None) {
            return gap_text(gap);
        }
        const std::uint64_t unit = load(std::span{slot.contents.bytes}.subspan(first, bytes));
        const std::uint64_t mask = (std::uint64_t{1} << *bits) - 1;
        return scalar(*plain, unit >> shift & mask, std::size_t{*bits});
    }
    const auto offset = number_attribute(member, DW_AT_data_member_location).value_or(0);
    if (offset > slot.contents.bytes.size()) {
        return gap_text(Gap::Unsupported);
    }
    return any(*type, {slot.contents, slot.offset + std::size_t{offset}, slot.depth + 1});
}

std::string ValueText::array(Dwarf_Die& type, const Slot& slot) const {
    const auto element = type_of(type);
    const auto size = element ? type_size(*element) : std::nullopt;
    const auto total = type_size(type);
    if (!size || *size == 0 || !total) {
        return "{...}";
    }
    auto plain = plain_type(*element);
    if (plain && is_character(*plain)) {
        const std::size_t shown = std::min<std::size_t>(*total, kMaxStringBytes + 1);
        const Gap gap = slot.contents.gap(slot.offset, shown);
        if (gap != Gap::None) {
            return gap_text(gap);
        }
        // An array that is full of text needs no NUL behind it.
        std::string text = quoted_string(slot.bytes(shown));
        return *total <= kMaxStringBytes && text.ends_with("...") ? text.substr(0, text.size() - 3)
                                                                  : text;
    }
    // Further dimensions are shown in a row.
    const std::size_t count = *total / *size;
    std::string text;
    for (std::size_t i = 0; i < std::min(count, kMaxElements); ++i) {
        text += i == 0 ? "" : ", ";
        text += any(*element, {slot.contents, slot.offset + i * *size, slot.depth + 1});
    }
    return '{' + text + (count > kMaxElements ? "...}" : "}");
}

/// The name of the value, or of the flags that make it up.
std::string ValueText::enumerator(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const {
    const std::uint64_t mask = bits < 64 ? (std::uint64_t{1} << bits) - 1 : ~std::uint64_t{0};
    std::string exact;
    std::string flags;
    std::uint64_t rest = value;
    bool all_flags = true;
    bool any_negative = false;
    std::size_t count = 0;
    for_each_child(type, deadline_, [&](Dwarf_Die& child) {
        Dwarf_Attribute attribute;
        Dwarf_Sword number = 0;
        const char* const name = dwarf_diename(&child);
        if (dwarf_tag(&child) != DW_TAG_enumerator || name == nullptr ||
            dwarf_attr(&child, DW_AT_const_value, &attribute) == nullptr ||
            dwarf_formsdata(&attribute, &number) != 0) {
            return true;
        }
        const std::uint64_t bit = static_cast<std::uint64_t>(number) & mask;
        if (bit == value) {
            exact = printable(name);
            return false;
        }
        // libdw takes the fixed-size forms as signed; compilers use them for what is not.
        const unsigned form = dwarf_whatform(&attribute);
        const bool is_signed = form == DW_FORM_sdata || form == DW_FORM_implicit_const;
        any_negative = any_negative || (is_signed && number < 0);
        all_flags = all_flags && std::popcount(bit) <= 1;
        if (bit != 0 && (rest & bit) == bit) {
            flags += (flags.empty() ? "" : " | ") + printable(name);
            rest &= ~bit;
        }
        return ++count < kMaxEnumerators;
    });
    if (!exact.empty()) {
        return exact;
    }
    if (any_negative) {
        return std::to_string(sign_extended(value, bits));
    }
    if (all_flags && value != 0 && count > 0) {
        const std::string unknown = rest == 0 ? "" : "unknown: " + hex(rest);
        return '(' + flags + (flags.empty() || unknown.empty() ? "" : " | ") + unknown + ')';
    }
    return std::to_string(value);
}

}  // namespace coredepot::decoder
