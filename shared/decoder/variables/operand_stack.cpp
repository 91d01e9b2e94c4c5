#include "decoder/variables/operand_stack.hpp"

#include <algorithm>
#include <cstddef>

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

constexpr std::size_t kMaxStack = 64;

/// How many of the top numbers an operation looks at.
std::size_t depth_of(const Dwarf_Op& op) {
    switch (op.atom) {
        case DW_OP_dup:
        case DW_OP_drop:
            return 1;
        case DW_OP_rot:
            return 3;
        case DW_OP_pick:
            return std::size_t{op.number} + 1;
        default:  // over, swap
            return 2;
    }
}

}  // namespace

bool OperandStack::push(const Operand& operand) {
    if (operands_.size() == kMaxStack) {
        return false;
    }
    operands_.push_back(truncated(operand));
    return true;
}

std::optional<Operand> OperandStack::pop() {
    if (operands_.empty()) {
        return std::nullopt;
    }
    const Operand operand = operands_.back();
    operands_.pop_back();
    return operand;
}

bool OperandStack::shuffle(const Dwarf_Op& op) {
    const std::size_t depth = depth_of(op);
    if (depth == 0 || depth > operands_.size()) {
        return false;
    }
    const auto top = operands_.end() - 1;
    switch (op.atom) {
        case DW_OP_drop:
            operands_.pop_back();
            return true;
        case DW_OP_swap:
            std::iter_swap(top, top - 1);
            return true;
        case DW_OP_rot:
            std::rotate(top - 2, top, top + 1);
            return true;
        default: {  // dup, over, pick
            const Operand copy = operands_[operands_.size() - depth];
            return push(copy);
        }
    }
}

}  // namespace coredepot::decoder
