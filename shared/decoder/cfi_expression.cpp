#include "decoder/cfi_expression.hpp"

#include <vector>

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

/// A CFI expression is a handful of operations; those here never jump, so that this also bounds the
/// stack.
constexpr std::size_t kMaxOperations = 64;

using Value = std::optional<std::uint32_t>;

/// What `operation` pushes without popping anything; empty: unknown, or not of that kind.
Value pushed(const Dwarf_Op& operation, const RiscvRegisters& registers, Value cfa) {
    const auto of_register = [&](Dwarf_Word index, Dwarf_Word offset) -> Value {
        if (index >= registers.size() || !registers[index]) {
            return std::nullopt;
        }
        return *registers[index] + static_cast<std::uint32_t>(offset);
    };
    const unsigned atom = operation.atom;
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
        return of_register(atom - DW_OP_breg0, operation.number);
    }
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
        return atom - DW_OP_lit0;
    }
    switch (atom) {
        case DW_OP_bregx:
            return of_register(operation.number, operation.number2);
        case DW_OP_call_frame_cfa:
            return cfa;
        case DW_OP_const1u:
        case DW_OP_const1s:
        case DW_OP_const2u:
        case DW_OP_const2s:
        case DW_OP_const4u:
        case DW_OP_const4s:
        case DW_OP_constu:
        case DW_OP_consts:
        case DW_OP_addr:
            return static_cast<std::uint32_t>(operation.number);
        default:
            return std::nullopt;
    }
}

Value popped(std::vector<std::uint32_t>& stack) {
    if (stack.empty()) {
        return std::nullopt;
    }
    const std::uint32_t top = stack.back();
    stack.pop_back();
    return top;
}

/// The result of an operation that takes its operands off `stack`.
Value computed(const Dwarf_Op& operation, std::vector<std::uint32_t>& stack, const Memory& memory) {
    const Value top = popped(stack);
    if (!top) {
        return std::nullopt;
    }
    switch (operation.atom) {
        case DW_OP_plus_uconst:
            return *top + static_cast<std::uint32_t>(operation.number);
        case DW_OP_deref:
            return memory.u32(*top);
        default:
            break;
    }
    const Value below = popped(stack);
    if (!below) {
        return std::nullopt;
    }
    switch (operation.atom) {
        case DW_OP_plus:
            return *below + *top;
        case DW_OP_minus:
            return *below - *top;
        case DW_OP_and:
            return *below & *top;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<ExpressionValue> evaluate(std::span<const Dwarf_Op> operations,
                                        const RiscvRegisters& registers, const Memory& memory,
                                        std::optional<std::uint32_t> cfa) {
    if (operations.size() > kMaxOperations) {
        return std::nullopt;
    }
    std::vector<std::uint32_t> stack;
    for (const Dwarf_Op& operation : operations) {
        const unsigned atom = operation.atom;
        if (atom == DW_OP_stack_value) {
            return stack.empty() ? std::nullopt
                                 : std::optional{ExpressionValue{stack.back(), false}};
        }
        // DW_OP_regN names the register that still holds the value.
        if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
            const Value value = registers[atom - DW_OP_reg0];
            return value ? std::optional{ExpressionValue{*value, false}} : std::nullopt;
        }
        Value value = pushed(operation, registers, cfa);
        if (!value) {
            value = computed(operation, stack, memory);
        }
        if (!value) {
            return std::nullopt;
        }
        stack.push_back(*value);
    }
    return stack.empty() ? std::nullopt : std::optional{ExpressionValue{stack.back(), true}};
}

}  // namespace coredepot::decoder
