#include "decoder/dwarf/type.hpp"

#include <string_view>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"

namespace coredepot::decoder {
namespace {

/// Typedefs of typedefs, arrays of arrays: real code stays below ten.
constexpr int kMaxTypeNesting = 32;
constexpr std::size_t kPointerBytes = 4;
/// Members of C++ classes have long names of their own.
constexpr std::size_t kMaxNameBytes = 256;

bool is_wrapper(int tag) {
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

bool is_pointer(int tag) {
    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

std::optional<Dwarf_Die> first_dimension(Dwarf_Die& array) {
    Dwarf_Die child;
    const bool found = dwarf_child(&array, &child) == 0;
    return found && dwarf_tag(&child) == DW_TAG_subrange_type ? std::optional{child} : std::nullopt;
}

/// `type`, or its definition in a type unit (`gcc -fdebug-types-section`), which only the type's
/// signature names.
Dwarf_Die definition_of(Dwarf_Die type) {
    Dwarf_Attribute attribute;
    Dwarf_Die definition;
    const bool elsewhere = dwarf_attr(&type, DW_AT_signature, &attribute) != nullptr &&
                           dwarf_formref_die(&attribute, &definition) != nullptr;
    return elsewhere ? definition : type;
}

/// Elements in all dimensions; empty: not told.
std::optional<std::uint64_t> element_count(Dwarf_Die& array) {
    auto dimension = first_dimension(array);
    if (!dimension) {
        return std::nullopt;
    }
    std::uint64_t count = 1;
    for (int i = 0; i < kMaxTypeNesting; ++i) {
        auto length = number_attribute(*dimension, DW_AT_count);
        if (const auto last = number_attribute(*dimension, DW_AT_upper_bound); !length && last) {
            length = *last + 1;
        }
        if (!length || *length > UINT32_MAX || count * *length > UINT32_MAX) {
            return std::nullopt;
        }
        count *= *length;
        Dwarf_Die next;
        if (dwarf_siblingof(&*dimension, &next) != 0) {
            return count;
        }
        dimension = next;
    }
    return std::nullopt;
}

std::optional<std::size_t> size_within(Dwarf_Die type, int depth) {
    const auto plain = depth < kMaxTypeNesting ? plain_type(type) : std::nullopt;
    if (!plain) {
        return std::nullopt;
    }
    Dwarf_Die die = *plain;
    if (const auto bytes = number_attribute(die, DW_AT_byte_size)) {
        return *bytes <= UINT32_MAX ? std::optional{std::size_t{*bytes}} : std::nullopt;
    }
    if (is_pointer(dwarf_tag(&die))) {
        return kPointerBytes;
    }
    const auto element = dwarf_tag(&die) == DW_TAG_array_type ? type_of(die) : std::nullopt;
    const auto size = element ? size_within(*element, depth + 1) : std::nullopt;
    const auto count = element ? element_count(die) : std::nullopt;
    if (!size || !count || *size * *count > UINT32_MAX) {
        return std::nullopt;
    }
    return *size * *count;
}

std::string own_name(Dwarf_Die& die, const char* kind) {
    const char* const name = dwarf_diename(&die);
    const std::string prefix = *kind == '\0' ? "" : std::string{kind} + ' ';
    return prefix + (name == nullptr ? "{...}" : printable(name));
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
            const auto length = array_length(die);
            return inner() + " [" + (length ? std::to_string(*length) : "") + ']';
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

std::optional<std::uint64_t> number_attribute(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_attr(&die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> signed_attribute(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Sword value = 0;
    if (dwarf_attr(&die, name, &attribute) == nullptr || dwarf_formsdata(&attribute, &value) != 0) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint64_t> member_offset(Dwarf_Die& member) {
    if (const auto offset = number_attribute(member, DW_AT_data_member_location)) {
        return offset;
    }
    Dwarf_Attribute attribute;
    Dwarf_Op* program = nullptr;
    std::size_t length = 0;
    const bool added = dwarf_attr(&member, DW_AT_data_member_location, &attribute) != nullptr &&
                       dwarf_getlocation(&attribute, &program, &length) == 0 && length == 1 &&
                       program->atom == DW_OP_plus_uconst;
    return added ? std::optional<std::uint64_t>{program->number} : std::nullopt;
}

std::optional<Dwarf_Die> type_of(Dwarf_Die& die) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr_integrate(&die, DW_AT_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &type) == nullptr) {
        return std::nullopt;
    }
    return type;
}

std::optional<Dwarf_Die> plain_type(Dwarf_Die type) {
    for (int i = 0; i < kMaxTypeNesting; ++i) {
        if (!is_wrapper(dwarf_tag(&type))) {
            return definition_of(type);
        }
        const auto inner = type_of(type);
        if (!inner) {
            return std::nullopt;
        }
        type = *inner;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> array_length(Dwarf_Die& array) {
    auto dimension = first_dimension(array);
    if (!dimension) {
        return std::nullopt;
    }
    if (const auto count = number_attribute(*dimension, DW_AT_count)) {
        return count;
    }
    const auto last = number_attribute(*dimension, DW_AT_upper_bound);
    return last ? std::optional{*last + 1} : std::nullopt;
}

std::optional<std::size_t> type_size(const Dwarf_Die& type) {
    return size_within(type, 0);
}

std::string type_name(std::optional<Dwarf_Die> type) {
    std::string name = name_within(type, 0);
    if (name.size() > kMaxNameBytes) {
        name = printable(std::string_view{name}.substr(0, kMaxNameBytes)) + "...";
    }
    return name;
}

bool is_structure(Dwarf_Die& plain) {
    const int tag = dwarf_tag(&plain);
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

bool is_character(Dwarf_Die& plain) {
    const std::uint64_t encoding = number_attribute(plain, DW_AT_encoding).value_or(0);
    return dwarf_tag(&plain) == DW_TAG_base_type &&
           number_attribute(plain, DW_AT_byte_size) == 1U &&
           (encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char ||
            encoding == DW_ATE_UTF);
}

bool is_text(Dwarf_Die& plain) {
    const char* const name = dwarf_diename(&plain);
    return is_character(plain) && ((name != nullptr && std::string_view{name} == "char") ||
                                   number_attribute(plain, DW_AT_encoding) == DW_ATE_UTF);
}

}  // namespace coredepot::decoder
