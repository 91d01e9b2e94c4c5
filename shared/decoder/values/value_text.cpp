#include "decoder/values/value_text.hpp"

#include <algorithm>
#include <vector>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/type_name.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/values/bit_field.hpp"
#include "decoder/values/c_literal.hpp"
#include "decoder/values/complex_text.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/quadruple_text.hpp"
#include "decoder/values/wide_character.hpp"

namespace coredepot::decoder {
namespace {

/// The most members of a structure or array: as many as a reader takes in at a glance.
constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxElements = 8;
/// Arrays of more dimensions are not opened.
constexpr std::size_t kMaxDimensions = 3;
/// Structures within structures are not opened.
constexpr int kDeepestShown = 1;

bool is_reference(Dwarf_Die type) {
    const int tag = dwarf_tag(&type);
    return tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
}

/// `{1, 2, 3}`; `write` writes one element.
template <typename Write>
std::string some_of(std::size_t count, Write write) {
    std::string text;
    for (std::size_t i = 0; i < std::min(count, kMaxElements); ++i) {
        text += (i == 0 ? "" : ", ") + write(i);
    }
    return '{' + text + (count > kMaxElements ? "...}" : "}");
}

/// An array `full` of text needs no NUL after it.
std::string without_dots(const std::string& text, bool full) {
    return full && text.ends_with("\"...") ? text.substr(0, text.size() - 3) : text;
}

/// Whether an array of characters holds no text: it does not start with text, and is not empty.
/// (After a text, the memory holds leftovers.)
bool is_no_text(std::span<const std::byte> bytes) {
    return !bytes.empty() && bytes.front() == std::byte{0} &&
           std::ranges::any_of(bytes, [](std::byte byte) { return byte != std::byte{0}; });
}

}  // namespace

std::string ValueText::write(const Dwarf_Die& type, const Contents& contents) const {
    return any(type, Slot{contents});
}

std::string ValueText::any(const Dwarf_Die& type, const Slot& slot) const {
    deadline_.check();
    const auto plain = plain_type(type);
    const auto size = plain ? total_size(*plain, slot) : std::nullopt;
    if (!size) {
        return gap_text(Gap::Unsupported);
    }
    Dwarf_Die die = *plain;
    if (is_structure(die)) {
        return slot.depth < kDeepestShown ? structure(die, slot) : "{...}";
    }
    if (dwarf_tag(&die) == DW_TAG_array_type) {
        return slot.depth <= kDeepestShown ? array(die, slot) : "{...}";
    }
    if (const Gap gap = slot.contents.gap(slot.offset, *size); gap != Gap::None) {
        return gap_text(gap);
    }
    if (is_complex(die)) {
        return complex_text(die, slot.bytes(*size)).value_or(gap_text(Gap::Unsupported));
    }
    if (*size == kQuadrupleBytes && number_attribute(die, DW_AT_encoding) == DW_ATE_float) {
        return quadruple_text(slot.bytes(kQuadrupleBytes));
    }
    if (*size == 0 || *size > sizeof(std::uint64_t)) {
        return gap_text(Gap::Unsupported);
    }
    return scalars_.write(type, load_number(slot.bytes(*size)), *size * kBitsPerByte);
}

/// For an array whose type has no length, all that there is of the variable.
std::optional<std::size_t> ValueText::total_size(Dwarf_Die type, const Slot& slot) {
    const auto size = type_size(type);
    const std::size_t rest = slot.contents.bytes.size();
    const bool dynamic = !size && slot.depth == 0 && rest > 0;
    return dynamic && dwarf_tag(&type) == DW_TAG_array_type ? std::optional{rest} : size;
}

std::string ValueText::structure(Dwarf_Die& type, const Slot& slot) const {
    std::size_t count = 0;
    return structure(type, slot, count);
}

/// `count`: the members written so far. A class's inherited members are its own, so its bases are
/// opened.
std::string ValueText::structure(Dwarf_Die& type, const Slot& slot, std::size_t& count) const {
    // If nothing at all is known, say so once.
    const auto size = type_size(type).value_or(0);
    const Gap gap = slot.contents.gap(slot.offset, size);
    const auto known = std::ranges::find(slot.contents.gaps, Gap::None);
    if (gap != Gap::None && known == slot.contents.gaps.end()) {
        return gap_text(gap);
    }
    std::string text;
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
            text += base(child, slot, count);
            return true;
        }
        text += (name != nullptr ? printable(name) + " = " : "") + member(child, slot);
        return true;
    });
    return '{' + text + '}';
}

/// Only the object's memory tells where a virtual base is.
std::string ValueText::base(Dwarf_Die& inheritance, const Slot& slot, std::size_t& count) const {
    const auto type = type_of(inheritance);
    auto plain = type ? plain_type(*type) : std::nullopt;
    const auto offset = member_offset(inheritance);
    const std::string name =
        '<' + (plain ? enclosing_scopes(*plain) : "") + type_name(type) + "> = ";
    if (!plain || !is_structure(*plain) || !offset || *offset > slot.contents.bytes.size()) {
        return name + "{...}";
    }
    const Slot its_slot{slot.contents, slot.offset + std::size_t{*offset}, slot.depth};
    return name + structure(*plain, its_slot, count);
}

std::string ValueText::member(Dwarf_Die& member, const Slot& slot) const {
    const auto type = type_of(member);
    if (!type) {
        return gap_text(Gap::Unsupported);
    }
    if (const auto bits = number_attribute(member, DW_AT_bit_size)) {
        const auto field = bit_field(member, *bits);
        if (!field) {
            return gap_text(Gap::Unsupported);
        }
        const Slot unit{slot.contents, slot.offset + field->offset};
        if (const Gap gap = slot.contents.gap(unit.offset, field->size); gap != Gap::None) {
            return gap_text(gap);
        }
        return scalars_.write(*type, field->value(unit.bytes(field->size)), field->bits);
    }
    const auto offset = member_offset(member).value_or(0);
    if (offset > slot.contents.bytes.size()) {
        return gap_text(Gap::Unsupported);
    }
    const Slot its_slot{slot.contents, slot.offset + std::size_t{offset}, slot.depth + 1};
    const auto plain = plain_type(*type);
    const auto size = plain && is_reference(*plain) ? type_size(*plain) : std::nullopt;
    if (size && slot.contents.gap(its_slot.offset, *size) == Gap::None) {
        return '@' + hex(load_number(its_slot.bytes(*size)));  // gdb goes no further here
    }
    return any(*type, its_slot);
}

std::string ValueText::array(Dwarf_Die& type, const Slot& slot) const {
    const auto element = type_of(type);
    const auto size = element ? type_size(*element) : std::nullopt;
    const auto total = total_size(type, slot);
    if (!size || *size == 0 || !total) {
        return "{...}";
    }
    std::vector<std::size_t> rows;  // bytes of an element in each dimension, outermost first
    std::uint64_t bytes = *size;
    const auto lengths = array_lengths(type);
    for (std::size_t i = lengths.size(); i-- > 1 && bytes != 0;) {
        bytes = bytes * lengths[i].value_or(0);
        rows.insert(rows.begin(), bytes > *total ? 0 : std::size_t{bytes});
    }
    if (std::ranges::find(rows, 0U) != rows.end()) {
        return "{...}";
    }
    return dimension({*element, *size}, rows, *total, slot);
}

/// Writes `total` bytes of an array, in rows of so many bytes.
std::string ValueText::dimension(const Element& element, std::span<const std::size_t> rows,
                                 std::size_t total, const Slot& slot) const {
    if (rows.empty()) {
        return row(element, total, slot);
    }
    return some_of(total / rows.front(), [&](std::size_t i) {
        const Slot its_slot{slot.contents, slot.offset + i * rows.front(), slot.depth};
        return rows.size() < kMaxDimensions
                   ? dimension(element, rows.subspan(1), rows.front(), its_slot)
                   : "{...}";
    });
}

std::string ValueText::row(const Element& element, std::size_t total, const Slot& slot) const {
    if (const auto wide = wide_character(element.type)) {
        const std::size_t most = kMaxStringBytes * wide->size;
        const std::size_t shown = std::min<std::size_t>(total, most + wide->size);
        if (const Gap gap = slot.contents.gap(slot.offset, shown); gap != Gap::None) {
            return gap_text(gap);
        }
        return without_dots(wide_string(*wide, slot.bytes(shown)), total <= most);
    }
    auto plain = plain_type(element.type);
    if (plain && is_character(*plain)) {
        const std::size_t shown = std::min<std::size_t>(total, kMaxStringBytes + 1);
        const Gap gap = slot.contents.gap(slot.offset, shown);
        if (gap != Gap::None) {
            return gap_text(gap);
        }
        const auto bytes = slot.bytes(std::min<std::size_t>(total, kMaxStringBytes));
        if (!is_text(*plain) || is_no_text(bytes)) {
            return quoted_bytes(bytes, total > kMaxStringBytes);
        }
        return without_dots(quoted_string(slot.bytes(shown)), total <= kMaxStringBytes);
    }
    return some_of(total / element.size, [&](std::size_t i) {
        return any(element.type, {slot.contents, slot.offset + i * element.size, slot.depth + 1});
    });
}

}  // namespace coredepot::decoder
