// DWARF expressions, one operation after the other, and those that a hostile ELF would have.

#include "decoder/variables/expression.hpp"

#include <cstdint>
#include <vector>

#include <dwarf.h>
#include <gtest/gtest.h>

#include "decoder/elf/application_elf.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/variables/expression_machine.hpp"

namespace coredepot::decoder {
namespace {

/// An operation and its operands.
struct Step {
    std::uint8_t atom;
    Dwarf_Word number = 0;
    Dwarf_Word number2 = 0;
};
using Program = std::vector<Step>;

class ExpressionTest : public testing::Test {
  protected:
    ExpressionTest() : elf_{test::crash_dir() / "thermostat.elf", deadline_} {
        frame_.registers.at(9) = 1000;
        frame_.registers.at(10) = 0x11223344;
        frame_.registers.at(11) = 0x55667788;
        frame_.cfa = 0x3FC90100;
        stack_.resize(16);
        stack_.at(4) = std::byte{0x2A};
        dump_.add({0x3FC900F0, stack_});
        context_.frame = &frame_;
    }

    /// Where `program` puts a variable; offsets are filled in as if each operation took a byte.
    std::vector<Place> places(const Program& program) {
        std::vector<Dwarf_Op> operations;
        for (const Step& step : program) {
            operations.push_back({step.atom, step.number, step.number2, operations.size()});
        }
        const KnownMemory memory{dump_, elf_};
        ExpressionEvaluator evaluator{memory, sites_, deadline_};
        Dwarf_Attribute attribute{};
        return ExpressionMachine{evaluator, attribute, context_}.run(operations);
    }

    /// What `program`, which ends in DW_OP_stack_value, comes to.
    std::uint64_t value(Program program) {
        program.push_back({DW_OP_stack_value});
        const auto found = places(program);
        EXPECT_EQ(found.size(), 1U);
        EXPECT_EQ(found.front().kind, Place::Kind::Value);
        return found.front().value;
    }

    Gap gap(const Program& program) {
        const auto found = places(program);
        EXPECT_EQ(found.front().kind, Place::Kind::Nowhere);
        return found.front().gap;
    }

    /// Four bytes of the variable at `program` as a number; `gap`: why there is none.
    std::uint32_t read(const Program& program, Gap expected_gap = Gap::None) {
        const auto found = places(program);
        const KnownMemory memory{dump_, elf_};
        const Contents contents = ExpressionEvaluator{memory, sites_, deadline_}.read(
            found, sizeof(std::uint32_t), context_);
        EXPECT_EQ(contents.gap(0, sizeof(std::uint32_t)), expected_gap);
        std::uint32_t number = 0;
        for (std::size_t i = sizeof number; i-- > 0;) {
            number = number << 8U | std::to_integer<std::uint32_t>(contents.bytes.at(i));
        }
        return number;
    }

    static constexpr Dwarf_Word minus(std::uint64_t value) { return ~value + 1; }

    Deadline deadline_;
    CallSites sites_{deadline_};
    ApplicationElf elf_;
    test::Bytes stack_;
    Memory dump_;
    PhysicalFrame frame_;
    FrameContext context_;
};

TEST_F(ExpressionTest, Places) {
    EXPECT_EQ(read({{DW_OP_reg10}}), 0x11223344U);
    EXPECT_EQ(read({{DW_OP_regx, 11}}), 0x55667788U);
    EXPECT_EQ(read({{DW_OP_call_frame_cfa}, {DW_OP_const1s, minus(12)}, {DW_OP_plus}}), 0x2AU);
    EXPECT_EQ(read({{DW_OP_addr, 0x3FC900F4}}), 0x2AU);
    EXPECT_EQ(read({{DW_OP_breg9, minus(1)}, {DW_OP_stack_value}}), 999U);
    EXPECT_EQ(read({{DW_OP_addr, 0x3FC900F4}, {DW_OP_deref}, {DW_OP_stack_value}}), 0x2AU);
}

/// Of the registers for floating point only those are known that a function has saved.
TEST_F(ExpressionTest, RegistersBeyondTheGeneralOnes) {
    constexpr Dwarf_Word kFa0 = 42;
    EXPECT_EQ(gap({{DW_OP_regval_type, kFa0, 0}}), Gap::Unsupported);
    read({{DW_OP_regx, kFa0}}, Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_regx, 64}, {DW_OP_deref}}), Gap::Unsupported);
    frame_.registers.at(kFa0) = 0x3FA00000;
    EXPECT_EQ(read({{DW_OP_regx, kFa0}}), 0x3FA00000U);
}

TEST_F(ExpressionTest, Pieces) {
    const auto found = places({{DW_OP_reg10}, {DW_OP_piece, 2}, {DW_OP_reg11}, {DW_OP_piece, 2}});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(read({{DW_OP_reg10}, {DW_OP_piece, 2}, {DW_OP_reg11}, {DW_OP_piece, 2}}),
              0x77883344U);
    // The compiler dropped the second half.
    read({{DW_OP_reg10}, {DW_OP_piece, 2}, {DW_OP_piece, 2}}, Gap::OptimizedOut);
}

/// Bit fields of which each is elsewhere. The last piece is padding.
TEST_F(ExpressionTest, PiecesOfBits) {
    // 4 bits of 0x11223344, 12 of 0x55667788 from the eighth on, 15 of a number, one that is no
    // member's.
    EXPECT_EQ(read({{DW_OP_reg10},
                    {DW_OP_bit_piece, 4},
                    {DW_OP_reg11},
                    {DW_OP_bit_piece, 12, 8},
                    {DW_OP_const2u, 0xFFFF},
                    {DW_OP_stack_value},
                    {DW_OP_bit_piece, 15},
                    {DW_OP_bit_piece, 1}}),
              0x7FFF6774U);
    // The compiler dropped the first member, and its byte is another's, too.
    read({{DW_OP_bit_piece, 4}, {DW_OP_reg11}, {DW_OP_bit_piece, 28}}, Gap::OptimizedOut);
    // More bits than the variable has.
    EXPECT_EQ(
        read({{DW_OP_reg10}, {DW_OP_bit_piece, 31}, {DW_OP_reg10}, {DW_OP_bit_piece, UINT64_MAX}}),
        0x11223344U);
    EXPECT_EQ(gap({{DW_OP_reg10}, {DW_OP_bit_piece, 4, 65}}), Gap::Unsupported);
}

TEST_F(ExpressionTest, WhatIsNotKnown) {
    read({{DW_OP_reg20}}, Gap::OptimizedOut);  // nothing kept it
    EXPECT_EQ(gap({{DW_OP_breg20, 4}}), Gap::OptimizedOut);
    read({{DW_OP_addr, 0x12345678}}, Gap::Unreadable);
    EXPECT_EQ(gap({{DW_OP_addr, 0x12345678}, {DW_OP_deref}}), Gap::Unreadable);
    EXPECT_EQ(gap({{DW_OP_form_tls_address}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_fbreg, 4}}), Gap::OptimizedOut);  // of an unknown function
    EXPECT_EQ(places({}).front().kind, Place::Kind::Nowhere);
}

TEST_F(ExpressionTest, Arithmetic) {
    const Step seven{DW_OP_lit7};
    const Step two{DW_OP_lit2};
    const Step minus_two{DW_OP_const1s, minus(2)};
    EXPECT_EQ(value({seven, two, {DW_OP_plus}}), 9U);
    EXPECT_EQ(value({seven, two, {DW_OP_minus}}), 5U);
    EXPECT_EQ(value({two, seven, {DW_OP_minus}}), 0xFFFFFFFBU);
    EXPECT_EQ(value({seven, two, {DW_OP_mul}}), 14U);
    EXPECT_EQ(value({seven, minus_two, {DW_OP_div}}), 0xFFFFFFFDU);
    EXPECT_EQ(value({seven, two, {DW_OP_mod}}), 1U);
    EXPECT_EQ(value({seven, two, {DW_OP_shl}}), 28U);
    EXPECT_EQ(value({minus_two, {DW_OP_lit1}, {DW_OP_shr}}), 0x7FFFFFFFU);
    EXPECT_EQ(value({minus_two, {DW_OP_lit1}, {DW_OP_shra}}), 0xFFFFFFFFU);
    EXPECT_EQ(value({seven, {DW_OP_const1u, 32}, {DW_OP_shl}}), 0U);
    EXPECT_EQ(value({seven, two, {DW_OP_and}}), 2U);
    EXPECT_EQ(value({seven, {DW_OP_lit8}, {DW_OP_or}}), 15U);
    EXPECT_EQ(value({seven, two, {DW_OP_xor}}), 5U);
    EXPECT_EQ(value({minus_two, {DW_OP_abs}}), 2U);
    EXPECT_EQ(value({two, {DW_OP_neg}}), 0xFFFFFFFEU);
    EXPECT_EQ(value({two, {DW_OP_not}}), 0xFFFFFFFDU);
    EXPECT_EQ(value({two, {DW_OP_plus_uconst, 40}}), 42U);
    EXPECT_EQ(value({minus_two, two, {DW_OP_lt}}), 1U);
    EXPECT_EQ(value({seven, two, {DW_OP_le}}), 0U);
    // The smallest number divided by -1 overflows.
    EXPECT_EQ(value({{DW_OP_const4u, 0x80000000}, {DW_OP_const1s, minus(1)}, {DW_OP_div}}),
              0x80000000U);
}

TEST_F(ExpressionTest, Stack) {
    const Step one{DW_OP_lit1};
    const Step two{DW_OP_lit2};
    const Step three{DW_OP_lit3};
    EXPECT_EQ(value({one, two, {DW_OP_swap}, {DW_OP_minus}}), 1U);
    EXPECT_EQ(value({three, {DW_OP_dup}, {DW_OP_mul}}), 9U);
    EXPECT_EQ(value({one, two, {DW_OP_drop}}), 1U);
    EXPECT_EQ(value({one, two, {DW_OP_over}}), 1U);
    EXPECT_EQ(value({one, two, three, {DW_OP_pick, 2}}), 1U);
    EXPECT_EQ(value({one, two, three, {DW_OP_rot}}), 2U);  // 1 2 3 -> 3 1 2
}

TEST_F(ExpressionTest, Branches) {
    // Operations take one byte each here, jumps three: a distance counts from behind the jump.
    EXPECT_EQ(value({{DW_OP_lit5}, {DW_OP_lit0}, {DW_OP_bra, 0}, {DW_OP_lit1}, {DW_OP_plus}}), 6U);
    EXPECT_EQ(value({{DW_OP_lit5}, {DW_OP_skip, 0}, {DW_OP_lit1}, {DW_OP_plus}, {DW_OP_nop}}), 5U);
}

TEST_F(ExpressionTest, HostileOnesEnd) {
    EXPECT_EQ(gap({{DW_OP_nop}, {DW_OP_skip, minus(4)}}), Gap::Unsupported);  // back to the nop
    EXPECT_EQ(gap({{DW_OP_lit1}, {DW_OP_dup}, {DW_OP_skip, minus(4)}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_lit1}, {DW_OP_lit0}, {DW_OP_div}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_lit1}, {DW_OP_lit0}, {DW_OP_mod}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_plus}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_lit1}, {DW_OP_pick, 200}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_pick, ~Dwarf_Word{0}}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_bregx, 1'000'000, 0}}), Gap::Unsupported);
    EXPECT_EQ(gap({{DW_OP_addr, 0x3FC900F4}, {DW_OP_deref_size, 200}}), Gap::Unsupported);
    EXPECT_EQ(gap(Program(100, Step{DW_OP_lit1})), Gap::Unsupported);
    read({{DW_OP_regx, ~Dwarf_Word{0}}}, Gap::Unsupported);
    // A piece of four gigabytes of a variable of four bytes.
    EXPECT_EQ(read({{DW_OP_reg10}, {DW_OP_piece, 0xFFFFFFFF}}), 0x11223344U);
}

}  // namespace
}  // namespace coredepot::decoder
