// Zcmp and Zcmt, which Debian's assembler does not know: encodings as the Zc specification has
// them.

#include "decoder/arch/riscv/instruction.hpp"

#include <array>
#include <cstddef>

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

Instruction decoded(std::uint16_t half) {
    const std::array<std::byte, 2> code = {std::byte(half & 0xFFU), std::byte(half >> 8U)};
    const auto instruction = decode_instruction(code, 0x42000000).value();
    EXPECT_EQ(instruction.size, 2U);
    return instruction;
}

/// 101 11000 rlist spimm 10
constexpr std::uint16_t cm_push(unsigned list, unsigned more) {
    return static_cast<std::uint16_t>(0xB802U | list << 4U | more << 2U);
}
/// 101 11010 rlist spimm 10
constexpr std::uint16_t cm_pop(unsigned list, unsigned more) {
    return static_cast<std::uint16_t>(0xBA02U | list << 4U | more << 2U);
}

TEST(Zcmp, PushesAndPopsWholeFrames) {
    struct Row {
        unsigned list;
        std::uint32_t saved;  ///< bytes
        std::uint32_t frame;  ///< bytes, of which none is asked for besides
    };
    // {ra}, {ra, s0}, ... {ra, s0-s9}; {ra, s0-s11}: the table of stack_adj_base for RV32.
    for (const auto [list, saved, frame] :
         {Row{4, 4, 16}, Row{5, 8, 16}, Row{6, 12, 16}, Row{7, 16, 16}, Row{8, 20, 32},
          Row{11, 32, 32}, Row{12, 36, 48}, Row{14, 44, 48}, Row{15, 52, 64}}) {
        for (unsigned more = 0; more < 4; ++more) {
            const auto pushed = decoded(cm_push(list, more));
            EXPECT_EQ(pushed.kind, Op::Push) << list;
            EXPECT_EQ(pushed.width, saved) << list;
            EXPECT_EQ(pushed.immediate, frame + 16 * more) << list;
            const auto popped = decoded(cm_pop(list, more));
            EXPECT_EQ(popped.kind, Op::Pop) << list;
            EXPECT_EQ(popped.width, saved) << list;
            EXPECT_EQ(popped.immediate, frame + 16 * more) << list;
        }
    }
    EXPECT_EQ(decoded(cm_push(3, 0)).kind, Op::Other) << "is reserved";
}

TEST(Zcmp, SavesFromTheLowestAddressOn) {
    EXPECT_EQ(pushed_register(0), 1U) << "ra";
    EXPECT_EQ(pushed_register(1), 8U) << "s0";
    EXPECT_EQ(pushed_register(2), 9U) << "s1";
    EXPECT_EQ(pushed_register(3), 18U) << "s2";
    EXPECT_EQ(pushed_register(12), 27U) << "s11";
}

TEST(Zcmp, ReturnsWithAPop) {
    const auto zero = decoded(0xBC42);  // cm.popretz {ra}, 16
    EXPECT_EQ(zero.kind, Op::PopReturn);
    EXPECT_EQ(zero.immediate, 16U);
    const auto plain = decoded(0xBE66);  // cm.popret {ra, s0-s1}, 32
    EXPECT_EQ(plain.kind, Op::PopReturn);
    EXPECT_EQ(plain.width, 12U);
    EXPECT_EQ(plain.immediate, 32U);
}

TEST(Zcmp, MovesArguments) {
    const auto saved = decoded(0xACBE);  // cm.mvsa01 s1, s7
    EXPECT_EQ(saved.kind, Op::OtherPair);
    EXPECT_EQ(saved.destination, 9U);
    EXPECT_EQ(saved.second, 23U);
    const auto back = decoded(0xACFE);  // cm.mva01s s1, s7
    EXPECT_EQ(back.kind, Op::OtherPair);
    EXPECT_EQ(back.destination, 10U) << "a0";
    EXPECT_EQ(back.second, 11U) << "a1";
    EXPECT_EQ(decoded(0xAC2A).second, 18U) << "cm.mvsa01 s0, s2";
}

TEST(Zcmt, JumpsByATable) {
    EXPECT_EQ(decoded(0xA002).kind, Op::JumpRegister) << "cm.jt 0";
    EXPECT_EQ(decoded(0xA07E).kind, Op::JumpRegister) << "cm.jt 31";
    const auto call = decoded(0xA082);  // cm.jalt 32
    EXPECT_EQ(call.kind, Op::CallRegister);
    EXPECT_EQ(call.destination, 1U);
}

}  // namespace
}  // namespace coredepot::decoder
