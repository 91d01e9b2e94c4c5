#include "decoder/cfi_expression.hpp"

#include <vector>

#include <dwarf.h>
#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

struct CfiExpression : testing::Test {
    std::optional<ExpressionValue> run(const std::vector<Dwarf_Op>& operations) const {
        return evaluate(operations, registers, memory, 0x1000);
    }

    RiscvRegisters registers = [] {
        RiscvRegisters values{};
        values[2] = 0x100;
        return values;
    }();
    Memory memory;
};

Dwarf_Op op(unsigned atom, Dwarf_Word number = 0, Dwarf_Word number2 = 0) {
    return {static_cast<std::uint8_t>(atom), number, number2, 0};
}

TEST_F(CfiExpression, WhatCompilersEmit) {
    EXPECT_EQ(run({op(DW_OP_breg2, 16)})->value, 0x110U);
    EXPECT_EQ(run({op(DW_OP_bregx, 2, 16)})->value, 0x110U);
    const auto saved = run(
        {op(DW_OP_call_frame_cfa), op(DW_OP_consts, static_cast<Dwarf_Word>(-4)), op(DW_OP_plus)});
    EXPECT_EQ(saved->value, 0xFFCU);
    EXPECT_TRUE(saved->is_address);
    EXPECT_EQ(run({op(DW_OP_call_frame_cfa), op(DW_OP_plus_uconst, 8)})->value, 0x1008U);
    EXPECT_FALSE(run({op(DW_OP_call_frame_cfa), op(DW_OP_stack_value)})->is_address);
    EXPECT_EQ(run({op(DW_OP_reg2)})->value, 0x100U);
    EXPECT_EQ(run({op(DW_OP_lit31), op(DW_OP_lit1), op(DW_OP_minus)})->value, 30U);
}

TEST_F(CfiExpression, WhatCannotBeKnown) {
    EXPECT_FALSE(run({}));
    EXPECT_FALSE(run({op(DW_OP_breg3)}));      // a register that is not known
    EXPECT_FALSE(run({op(DW_OP_bregx, 99)}));  // no such register
    EXPECT_FALSE(run({op(DW_OP_plus)}));       // nothing to add
    EXPECT_FALSE(run({op(DW_OP_lit1), op(DW_OP_plus)}));
    EXPECT_FALSE(run({op(DW_OP_stack_value)}));
    EXPECT_FALSE(run({op(DW_OP_lit1), op(DW_OP_deref)}));  // not in the dump
    EXPECT_FALSE(run({op(DW_OP_skip, static_cast<Dwarf_Word>(-3))}));
    EXPECT_FALSE(run(std::vector<Dwarf_Op>(1000, op(DW_OP_lit1))));
}

}  // namespace
}  // namespace coredepot::decoder
