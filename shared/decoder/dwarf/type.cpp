#include "decoder/dwarf/type.hpp"

#include <string_view>

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

constexpr std::size_t kPointerBytes = 4;

bool is_wrapper(int tag) {
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

bool is_pointer(int tag) {
    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

/// The number of elements in all dimensions; empty if unknown.
std::optional<std::uint64_t> element_count(Dwarf_Die& array) {
    const auto lengths = array_lengths(array);
    if (lengths.empty() || lengths.size() == kMaxTypeNesting) {
        return std::nullopt;
    }
    std::uint64_t count = 1;
    for (const auto& length : lengths) {
        if (!length || *length > UINT32_MAX || count * *length > UINT32_MAX) {
            return std::nullopt;
        }
        count *= *length;
    }
    return count;
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
    if (is_pointer(dwarf_tag(&die)) || is_null_pointer(die)) {
        return kPointerBytes;
    }
    if (dwarf_tag(&die) == DW_TAG_ptr_to_member_type) {
        return points_to_method(die) ? 2 * kPointerBytes : kPointerBytes;
    }
    const auto element = dwarf_tag(&die) == DW_TAG_array_type ? type_of(die) : std::nullopt;
    const auto size = element ? size_within(*element, depth + 1) : std::nullopt;
    const auto count = element ? element_count(die) : std::nullopt;
    if (!size || !count || *size * *count > UINT32_MAX) {
        return std::nullopt;
    }
    return *size * *count;
}

bool has_name(Dwarf_Die& die, std::string_view name) {
    const char* const its_name = dwarf_diename(&die);
    return its_name != nullptr && its_name == name;
}

/// C++20's `char8_t`: GCC says that it is a number, clang that it is text.
bool is_utf8_character(Dwarf_Die& plain) {
    return number_attribute(plain, DW_AT_encoding) == DW_ATE_UTF || has_name(plain, "char8_t");
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

bool has_flag(Dwarf_Die& die, unsigned name) {
    Dwarf_Attribute attribute;
    bool value = false;
    return dwarf_attr(&die, name, &attribute) != nullptr &&
           dwarf_formflag(&attribute, &value) == 0 && value;
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

Dwarf_Die definition_of(Dwarf_Die type) {
    // Only types with members can be defined elsewhere.
    const bool has_members = is_structure(type) || dwarf_tag(&type) == DW_TAG_enumeration_type;
    Dwarf_Attribute attribute;
    Dwarf_Die definition;
    const bool elsewhere = has_members &&
                           dwarf_attr(&type, DW_AT_signature, &attribute) != nullptr &&
                           dwarf_formref_die(&attribute, &definition) != nullptr;
    return elsewhere ? definition : type;
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

std::vector<std::optional<std::uint64_t>> array_lengths(Dwarf_Die& array) {
    std::vector<std::optional<std::uint64_t>> lengths;
    Dwarf_Die child;
    for (int found = dwarf_child(&array, &child); found == 0 && lengths.size() < kMaxTypeNesting;
         found = dwarf_siblingof(&child, &child)) {
        if (dwarf_tag(&child) != DW_TAG_subrange_type) {
            continue;
        }
        auto length = number_attribute(child, DW_AT_count);
        if (const auto last = number_attribute(child, DW_AT_upper_bound); !length && last) {
            length = *last + 1;
        }
        lengths.push_back(length);
    }
    return lengths;
}

std::optional<std::size_t> type_size(const Dwarf_Die& type) {
    return size_within(type, 0);
}

bool is_structure(Dwarf_Die& plain) {
    const int tag = dwarf_tag(&plain);
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

bool is_null_pointer(Dwarf_Die& plain) {
    const char* const name = dwarf_diename(&plain);
    return dwarf_tag(&plain) == DW_TAG_unspecified_type && name != nullptr &&
           std::string_view{name}.find("nullptr") != std::string_view::npos;
}

std::optional<Dwarf_Die> containing_type(Dwarf_Die& pointer) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr(&pointer, DW_AT_containing_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &type) == nullptr) {
        return std::nullopt;
    }
    return plain_type(type);
}

bool points_to_method(Dwarf_Die& pointer) {
    const auto target = type_of(pointer);
    auto plain = target ? plain_type(*target) : std::nullopt;
    return plain && dwarf_tag(&*plain) == DW_TAG_subroutine_type;
}

bool is_character(Dwarf_Die& plain) {
    const std::uint64_t encoding = number_attribute(plain, DW_AT_encoding).value_or(0);
    return dwarf_tag(&plain) == DW_TAG_base_type &&
           number_attribute(plain, DW_AT_byte_size) == 1U &&
           (encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char ||
            is_utf8_character(plain));
}

bool is_text(Dwarf_Die& plain) {
    return is_character(plain) && (has_name(plain, "char") || is_utf8_character(plain));
}

}  // namespace coredepot::decoder
