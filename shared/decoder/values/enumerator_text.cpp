#include "decoder/values/enumerator_text.hpp"

#include <bit>

#include <dwarf.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/bytes/sign_extended.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"

namespace coredepot::decoder {
namespace {

/// An enumeration of a thousand events is already large.
constexpr std::size_t kMaxEnumerators = 4096;

}  // namespace

/// The scope of the names: an `enum class` is one itself.
const std::string& EnumeratorText::scope(Dwarf_Die& type) const {
    const auto [known, is_new] = scopes_.try_emplace(type.addr);
    if (is_new) {
        const char* const name = dwarf_diename(&type);
        known->second = printable(enclosing_scopes(type));
        if (name != nullptr && has_flag(type, DW_AT_enum_class)) {
            known->second += printable(name) + "::";
        }
    }
    return known->second;
}

std::string EnumeratorText::write(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const {
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
            exact = scope(type) + printable(name);
            return false;
        }
        // libdw takes the fixed-size forms as signed, but compilers use them for unsigned numbers,
        // too.
        const unsigned form = dwarf_whatform(&attribute);
        const bool is_signed = form == DW_FORM_sdata || form == DW_FORM_implicit_const;
        any_negative = any_negative || (is_signed && number < 0);
        all_flags = all_flags && std::popcount(bit) <= 1;
        if (bit != 0 && (rest & bit) == bit) {
            flags += (flags.empty() ? "" : " | ") + scope(type) + printable(name);
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
