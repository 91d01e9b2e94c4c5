// The part of ExpressionMachine that works on the numbers on its stack.

#include <dwarf.h>

#include "decoder/dwarf/type.hpp"
#include "decoder/variables/expression_machine.hpp"

namespace coredepot::decoder {

bool ExpressionMachine::shuffle(const Dwarf_Op& op) {
    return stack_.shuffle(op) || fail(Gap::Unsupported);
}

bool ExpressionMachine::calculate(const Dwarf_Op& op) {
    Operand right;
    Operand left;
    if (!pop(right) || (!is_unary(op) && !pop(left))) {
        return false;
    }
    if (right.is_float || left.is_float) {
        return fail(Gap::Unsupported);
    }
    const auto result = decoder::calculate(op, left, right);
    return result ? push(*result) : fail(Gap::Unsupported);
}

bool ExpressionMachine::compare(const Dwarf_Op& op) {
    Operand right;
    Operand left;
    if (!pop(right) || !pop(left)) {
        return false;
    }
    return right.is_float || left.is_float ? fail(Gap::Unsupported)
                                           : push(std::uint64_t{decoder::compare(op, left, right)});
}

/// Gives the top number another type. Offset 0 stands for a number without a type.
bool ExpressionMachine::convert(const Dwarf_Op& op) {
    Operand number;
    if (!pop(number)) {
        return false;
    }
    if (number.is_float) {
        return fail(Gap::Unsupported);
    }
    const std::int64_t extended = number.is_signed ? as_signed(number) : 0;
    number.value = number.is_signed ? static_cast<std::uint64_t>(extended) : number.value;
    number.bytes = 4;
    number.is_signed = false;
    if (op.number != 0) {
        Dwarf_Die type;
        if (dwarf_getlocation_die(&attribute_, &op, &type) != 0) {
            return fail(Gap::Unsupported);
        }
        const auto size = number_attribute(type, DW_AT_byte_size).value_or(0);
        const auto encoding = number_attribute(type, DW_AT_encoding).value_or(DW_ATE_float);
        if (size == 0 || size > sizeof(std::uint64_t) || encoding == DW_ATE_float) {
            return fail(Gap::Unsupported);
        }
        number.bytes = static_cast<unsigned>(size);
        number.is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
    }
    return push(number);
}

}  // namespace coredepot::decoder
