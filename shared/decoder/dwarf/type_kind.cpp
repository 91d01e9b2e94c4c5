#include "decoder/dwarf/type_kind.hpp"

#include <dwarf.h>

#include "decoder/dwarf/type.hpp"

namespace coredepot::decoder {

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

}  // namespace coredepot::decoder
