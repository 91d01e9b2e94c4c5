#include "decoder/variables/operand.hpp"

#include <algorithm>

#include <dwarf.h>

#include "decoder/bytes/sign_extended.hpp"

namespace coredepot::decoder {
namespace {

constexpr unsigned kValueBits = 64;
constexpr unsigned kBitsPerOperandByte = 8;

/// Numbers without a type are divided as signed ones. INT64_MIN / -1 would overflow, so it wraps.
std::uint64_t quotient(const Operand& left, const Operand& right) {
    const std::int64_t divisor = as_signed(right);
    return divisor == -1 ? std::uint64_t{0} - left.value
                         : static_cast<std::uint64_t>(as_signed(left) / divisor);
}

std::optional<std::uint64_t> value_of(const Dwarf_Op& op, const Operand& left,
                                      const Operand& right) {
    const std::uint64_t a = left.value;
    const std::uint64_t b = right.value;
    const std::uint64_t bits = std::uint64_t{left.bytes} * kBitsPerOperandByte;
    switch (op.atom) {
        case DW_OP_abs:
            return as_signed(right) < 0 ? std::uint64_t{0} - b : b;
        case DW_OP_neg:
            return std::uint64_t{0} - b;
        case DW_OP_not:
            return ~b;
        case DW_OP_plus_uconst:
            return b + op.number;
        case DW_OP_and:
            return a & b;
        case DW_OP_or:
            return a | b;
        case DW_OP_xor:
            return a ^ b;
        case DW_OP_plus:
            return a + b;
        case DW_OP_minus:
            return a - b;
        case DW_OP_mul:
            return a * b;
        case DW_OP_div:
            return b == 0 ? std::nullopt : std::optional{quotient(left, right)};
        case DW_OP_mod:  // unlike the quotient, unsigned for numbers without a type
            return b == 0 ? std::nullopt : std::optional{a % b};
        case DW_OP_shl:
            return b < bits ? a << b : 0;
        case DW_OP_shr:
            return b < bits ? a >> b : 0;
        case DW_OP_shra:
            return static_cast<std::uint64_t>(as_signed(left) >> std::min(b, bits - 1));
        default:
            return std::nullopt;
    }
}

}  // namespace

Operand truncated(Operand operand) {
    const unsigned unused = kValueBits - operand.bytes * kBitsPerOperandByte;
    operand.value = operand.value << unused >> unused;
    return operand;
}

std::int64_t as_signed(const Operand& operand) {
    return sign_extended(operand.value, std::size_t{operand.bytes} * kBitsPerOperandByte);
}

bool is_unary(const Dwarf_Op& op) {
    return op.atom == DW_OP_abs || op.atom == DW_OP_neg || op.atom == DW_OP_not ||
           op.atom == DW_OP_plus_uconst;
}

std::optional<Operand> calculate(const Dwarf_Op& op, const Operand& left, const Operand& right) {
    const auto value = value_of(op, left, right);
    if (!value) {
        return std::nullopt;
    }
    Operand result = is_unary(op) ? right : left;
    result.value = *value;
    return truncated(result);
}

bool compare(const Dwarf_Op& op, const Operand& left, const Operand& right) {
    const std::int64_t a = as_signed(left);
    const std::int64_t b = as_signed(right);
    switch (op.atom) {
        case DW_OP_eq:
            return a == b;
        case DW_OP_ne:
            return a != b;
        case DW_OP_lt:
            return a < b;
        case DW_OP_le:
            return a <= b;
        case DW_OP_gt:
            return a > b;
        default:
            return a >= b;
    }
}

}  // namespace coredepot::decoder
