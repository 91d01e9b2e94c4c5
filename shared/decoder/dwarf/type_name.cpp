#include "decoder/dwarf/type_name.hpp"

#include <string_view>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"

namespace coredepot::decoder {
namespace {

/// Names of members of C++ classes can be long.
constexpr std::size_t kMaxNameBytes = 256;

/// In C++ the name alone is the type.
std::string own_name(Dwarf_Die& die, const char* kind) {
    Dwarf_Die definition = definition_of(die);
    const char* const name = dwarf_diename(&definition);
    const bool alone = *kind == '\0' || (name != nullptr && is_cpp(die));
    const std::string prefix = alone ? "" : std::string{kind} + ' ';
    return prefix + (name == nullptr ? "{...}" : printable(name));
}

bool is_array_of_constants(Dwarf_Die& qualifier) {
    auto array = type_of(qualifier);
    auto element =
        array && dwarf_tag(&*array) == DW_TAG_array_type ? type_of(*array) : std::nullopt;
    return element && dwarf_tag(&*element) == DW_TAG_const_type;
}

std::string name_within(std::optional<Dwarf_Die> type, int depth) {
    if (!type) {
        return "void";
    }
    if (depth == kMaxTypeNesting) {
        return "...";
    }
    Dwarf_Die& die = *type;
    const auto inner = [&] { return name_within(type_of(die), depth + 1); };
    switch (dwarf_tag(&die)) {
        case DW_TAG_pointer_type: {
            std::string target = inner();
            if (const auto place = target.find("()"); place != std::string::npos) {
                return target.insert(place, "(*)");
            }
            return target + (target.ends_with('*') ? "*" : " *");
        }
        case DW_TAG_reference_type:
            return inner() + " &";
        case DW_TAG_rvalue_reference_type:
            return inner() + " &&";
        case DW_TAG_const_type: {
            std::string target = inner();
            if (is_array_of_constants(die)) {  // GCC says it twice
                return target;
            }
            return target.ends_with('*') ? target + "const" : "const " + target;
        }
        case DW_TAG_volatile_type: {
            std::string target = inner();
            return target.ends_with('*') ? target + "volatile" : "volatile " + target;
        }
        case DW_TAG_restrict_type:
        case DW_TAG_atomic_type:
            return inner();
        case DW_TAG_array_type: {
            std::string name = inner() + ' ';
            for (const auto& length : array_lengths(die)) {
                name += '[' + (length ? std::to_string(*length) : "") + ']';
            }
            return name.ends_with(' ') ? name + "[]" : name;
        }
        case DW_TAG_ptr_to_member_type: {
            auto owner = containing_type(die);
            const char* const name = owner ? dwarf_diename(&*owner) : nullptr;
            const std::string star = printable(name == nullptr ? "{...}" : name) + "::*";
            std::string target = inner();
            if (const auto place = target.find("()"); place != std::string::npos) {
                return target.insert(place, '(' + star + ')');
            }
            return target + ' ' + star;
        }
        case DW_TAG_subroutine_type:
            return inner() + " ()";
        case DW_TAG_structure_type:
            return own_name(die, "struct");
        case DW_TAG_union_type:
            return own_name(die, "union");
        case DW_TAG_enumeration_type:
            return own_name(die, "enum");
        default:
            return own_name(die, "");
    }
}

}  // namespace

std::string type_name(std::optional<Dwarf_Die> type) {
    std::string name = name_within(type, 0);
    if (name.size() > kMaxNameBytes) {
        name = printable(std::string_view{name}.substr(0, kMaxNameBytes)) + "...";
    }
    return name;
}

}  // namespace coredepot::decoder
