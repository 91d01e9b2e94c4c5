#include "decoder/variables/pointed_constant.hpp"

#include <dwarf.h>

namespace coredepot::decoder {

std::span<const std::byte> pointed_constant(Dwarf_Attribute& attribute, const Dwarf_Op& op) {
    Dwarf_Die target;
    Dwarf_Attribute content;
    Dwarf_Op* program = nullptr;
    std::size_t length = 0;
    Dwarf_Block block;
    const bool is_constant =
        dwarf_getlocation_die(&attribute, &op, &target) == 0 &&
        ((dwarf_attr_integrate(&target, DW_AT_location, &content) != nullptr &&
          dwarf_getlocation(&content, &program, &length) == 0 && length == 1 &&
          program->atom == DW_OP_implicit_value &&
          dwarf_getlocation_implicit_value(&content, program, &block) == 0) ||
         (dwarf_attr_integrate(&target, DW_AT_const_value, &content) != nullptr &&
          dwarf_formblock(&content, &block) == 0));
    if (!is_constant || op.number2 > block.length) {  // an offset of -1 is huge, too
        return {};
    }
    return std::as_bytes(std::span{block.data, block.length}).subspan(op.number2);
}

}  // namespace coredepot::decoder
