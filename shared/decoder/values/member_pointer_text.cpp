#include "decoder/values/member_pointer_text.hpp"

#include <optional>

#include <dwarf.h>

#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/call_site.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

/// The most base classes of a class.
constexpr int kMaxBases = 8;
constexpr std::uint32_t kVtableSlotBytes = 4;

std::string class_name(Dwarf_Die& type) {
    const char* const name = dwarf_diename(&type);
    return printable(enclosing_scopes(type) + (name == nullptr ? "{...}" : name));
}

/// The member at `offset` of `type` or of a base class; empty when none starts there.
std::optional<std::string> member_at(Dwarf_Die& type, std::uint64_t offset, int depth,
                                     const Deadline& deadline) {
    std::optional<std::string> found;
    for_each_child(type, deadline, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        const char* const name = dwarf_diename(&child);
        const auto start = member_offset(child);
        if (tag == DW_TAG_member && name != nullptr && start == offset) {
            found = class_name(type) + "::" + printable(name);
        } else if (tag == DW_TAG_inheritance && start && *start <= offset && depth < kMaxBases) {
            const auto base = type_of(child);
            auto plain = base ? plain_type(*base) : std::nullopt;
            found = plain ? member_at(*plain, offset - *start, depth + 1, deadline) : std::nullopt;
        }
        return !found;
    });
    return found;
}

/// Its place in the vtable of its class; empty when it is not virtual.
std::optional<std::uint64_t> vtable_slot(Dwarf_Die& method) {
    Dwarf_Attribute attribute;
    Dwarf_Op* program = nullptr;
    std::size_t length = 0;
    const bool found = dwarf_attr(&method, DW_AT_vtable_elem_location, &attribute) != nullptr &&
                       dwarf_getlocation(&attribute, &program, &length) == 0 && length == 1;
    if (!found) {
        return std::nullopt;
    }
    const unsigned atom = program->atom;
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
        return atom - DW_OP_lit0;
    }
    return atom >= DW_OP_const1u && atom <= DW_OP_consts
               ? std::optional<std::uint64_t>{program->number}
               : std::nullopt;
}

std::string virtual_method_text(std::optional<Dwarf_Die> owner, std::uint32_t offset,
                                const Deadline& deadline) {
    std::string text;
    if (owner && offset % kVtableSlotBytes == 0) {
        for_each_child(*owner, deadline, [&](Dwarf_Die& child) {
            if (dwarf_tag(&child) == DW_TAG_subprogram &&
                vtable_slot(child) == offset / kVtableSlotBytes) {
                text = full_name(linker_name(child));
            }
            return text.empty();
        });
    }
    return text.empty() ? "&virtual table offset " + std::to_string(offset) : "&virtual " + text;
}

std::string method_text(Dwarf_Die& type, std::uint64_t value, const SymbolTable& symbols,
                        const Deadline& deadline) {
    const auto function = static_cast<std::uint32_t>(value);
    const auto adjustment = static_cast<std::int32_t>(value >> 32U);
    std::string text;
    // An odd address cannot be an instruction, so it is a virtual function.
    if ((function & 1U) != 0) {
        text = virtual_method_text(containing_type(type), function - 1, deadline);
    } else if (function == 0) {
        return "NULL";
    } else {
        const std::string symbol = symbols.describe_any(function);
        text = hex(function) + (symbol.empty() ? "" : " <" + symbol + '>');
    }
    return adjustment == 0 ? text : text + ", this adjustment " + std::to_string(adjustment);
}

}  // namespace

std::string member_pointer_text(Dwarf_Die& type, std::uint64_t value, const SymbolTable& symbols,
                                const Deadline& deadline) {
    if (points_to_method(type)) {
        return method_text(type, value, symbols, deadline);
    }
    const auto offset = static_cast<std::int32_t>(value);
    if (offset == -1) {
        return "NULL";
    }
    auto owner = containing_type(type);
    const auto member = owner && offset >= 0
                            ? member_at(*owner, static_cast<std::uint64_t>(offset), 0, deadline)
                            : std::nullopt;
    return member ? '&' + *member : std::to_string(offset);
}

}  // namespace coredepot::decoder
