#include "decoder/arch/riscv/compressed_instruction.hpp"

#include "decoder/arch/riscv/instruction_bits.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

/// The three bits that stand for one of x8 to x15.
constexpr std::uint32_t prime(std::uint32_t i, unsigned low) {
    return 8 + bits(i, low + 2, low);
}

constexpr std::uint32_t c_signed(std::uint32_t i) {
    return immediate(bits(i, 12, 12) << 5U | bits(i, 6, 2), 6);
}

constexpr std::uint32_t c_word_offset(std::uint32_t i) {
    return bits(i, 5, 5) << 6U | bits(i, 12, 10) << 3U | bits(i, 6, 6) << 2U;
}

constexpr std::uint32_t c_load_offset(std::uint32_t i) {
    return bits(i, 3, 2) << 6U | bits(i, 12, 12) << 5U | bits(i, 6, 4) << 2U;
}

constexpr std::uint32_t c_store_offset(std::uint32_t i) {
    return bits(i, 8, 7) << 6U | bits(i, 12, 9) << 2U;
}

constexpr std::uint32_t c_jump_offset(std::uint32_t i) {
    return immediate(bits(i, 12, 12) << 11U | bits(i, 8, 8) << 10U | bits(i, 10, 9) << 8U |
                         bits(i, 6, 6) << 7U | bits(i, 7, 7) << 6U | bits(i, 2, 2) << 5U |
                         bits(i, 11, 11) << 4U | bits(i, 5, 3) << 1U,
                     12);
}

constexpr std::uint32_t c_branch_offset(std::uint32_t i) {
    return immediate(bits(i, 12, 12) << 8U | bits(i, 6, 5) << 6U | bits(i, 2, 2) << 5U |
                         bits(i, 11, 10) << 3U | bits(i, 4, 3) << 1U,
                     9);
}

Instruction decode_quadrant0(std::uint32_t i) {
    const std::uint32_t reg = prime(i, 2);
    const std::uint32_t base = prime(i, 7);
    switch (bits(i, 15, 13)) {
        case 0:            // c.addi4spn
            if (i == 0) {  // c.unimp
                return {Op::Trap, kCompressedBytes};
            }
            return {
                Op::Add,
                kCompressedBytes,
                reg,
                kSp,
                0,
                bits(i, 10, 7) << 6U | bits(i, 12, 11) << 4U | bits(i, 5, 5) << 3U | bits(i, 6, 6) << 2U,
                0};
        case 2:  // c.lw
            return {Op::LoadWord, kCompressedBytes, reg, base, 0, c_word_offset(i), 0};
        case 3:  // c.flw
            return {
                Op::LoadWord, kCompressedBytes, kFirstFloat + reg, base, 0, c_word_offset(i), 0};
        case 4:  // Zcb: loads below 2, then stores, whose exact place does not matter
            return bits(i, 12, 10) < 2
                       ? Instruction{Op::Other, kCompressedBytes, reg}
                       : Instruction{Op::Store, kCompressedBytes, 0, base, reg, bits(i, 6, 5), 1};
        case 6:  // c.sw
            return {Op::Store, kCompressedBytes, 0, base, reg, c_word_offset(i), 4};
        case 7:  // c.fsw
            return {Op::Store, kCompressedBytes, 0, base, kFirstFloat + reg, c_word_offset(i), 4};
        default:
            return {Op::Other, kCompressedBytes};
    }
}

Instruction decode_quadrant1(std::uint32_t i, std::uint32_t address) {
    const std::uint32_t rd = bits(i, 11, 7);
    switch (bits(i, 15, 13)) {
        case 0:  // c.addi
            return {Op::Add, kCompressedBytes, rd, rd, 0, c_signed(i), 0};
        case 1:  // c.jal
            return {Op::Call, kCompressedBytes, kRa, 0, 0, address + c_jump_offset(i), 0};
        case 2:  // c.li
            return {Op::Add, kCompressedBytes, rd, 0, 0, c_signed(i), 0};
        case 3:
            if (rd == kSp) {  // c.addi16sp
                return {
                    Op::Add,
                    kCompressedBytes,
                    kSp,
                    kSp,
                    0,
                    immediate(bits(i, 12, 12) << 9U | bits(i, 4, 3) << 7U | bits(i, 5, 5) << 6U |
                                  bits(i, 2, 2) << 5U | bits(i, 6, 6) << 4U,
                              10),
                    0};
            }
            return {Op::Add, kCompressedBytes, rd, 0, 0, c_signed(i) << 12U, 0};  // c.lui
        case 4: {                                                                 // arithmetic
            const std::uint32_t reg = prime(i, 7);
            const bool subtraction = (i & 0xFC63) == 0x8C01;  // c.sub
            return {subtraction ? Op::SubtractRegisters : Op::Other, kCompressedBytes, reg, reg,
                    prime(i, 2)};
        }
        case 5:  // c.j
            return {Op::Jump, kCompressedBytes, 0, 0, 0, address + c_jump_offset(i), 0};
        default:  // c.beqz, c.bnez
            return {Op::Branch, kCompressedBytes, 0, prime(i, 7), 0, address + c_branch_offset(i),
                    0};
    }
}

/// Zcmp and Zcmt. RV32DC would have c.fsdsp in this place, but no ESP32 does.
Instruction decode_push_pop(std::uint32_t i) {
    constexpr std::uint32_t kFirstList = 4;  // {ra}; 5: {ra, s0}; ... 14: {ra, s0-s9}
    constexpr std::uint32_t kLongList = 15;  // {ra, s0-s11}
    const auto saved = [](std::uint32_t number) { return number < 2 ? 8 + number : 16 + number; };
    const std::uint32_t list = bits(i, 7, 4);
    const std::uint32_t bytes = 4 * (list == kLongList ? 13 : list - 3);
    // The stack stays on a 16-byte boundary.
    const std::uint32_t frame = ((bytes + 15) & ~15U) + bits(i, 3, 2) * 16;
    Instruction result{Op::Other, kCompressedBytes, 0, 0, 0, frame, bytes};
    switch (bits(i, 12, 8)) {
        case 0x18:
            result.kind = Op::Push;
            break;
        case 0x1A:
            result.kind = Op::Pop;
            break;
        case 0x1C:
        case 0x1E:
            result.kind = Op::PopReturn;
            break;
        default: {
            if (bits(i, 12, 10) == 3 && bits(i, 6, 5) == 1) {  // cm.mvsa01
                return {Op::OtherPair, kCompressedBytes, saved(bits(i, 9, 7)), 0,
                        saved(bits(i, 4, 2))};
            }
            if (bits(i, 12, 10) == 3 && bits(i, 6, 5) == 3) {  // cm.mva01s
                constexpr std::uint32_t kA0 = 10;
                return {Op::OtherPair, kCompressedBytes, kA0, 0, kA0 + 1};
            }
            if (bits(i, 12, 10) == 0) {  // cm.jt, cm.jalt: from a table that is not read
                const bool jump = bits(i, 9, 2) < 32;
                return {jump ? Op::JumpRegister : Op::CallRegister, kCompressedBytes,
                        jump ? 0 : kRa};
            }
            return {Op::Other, kCompressedBytes};
        }
    }
    return list < kFirstList ? Instruction{Op::Other, kCompressedBytes} : result;
}

Instruction decode_quadrant2(std::uint32_t i) {
    const std::uint32_t rd = bits(i, 11, 7);
    const std::uint32_t rs2 = bits(i, 6, 2);
    switch (bits(i, 15, 13)) {
        case 0:  // c.slli
            return {Op::ShiftLeft, kCompressedBytes, rd, rd, 0, rs2, 0};
        case 2:  // c.lwsp
            return {Op::LoadWord, kCompressedBytes, rd, kSp, 0, c_load_offset(i), 0};
        case 3:  // c.flwsp
            return {Op::LoadWord, kCompressedBytes, kFirstFloat + rd, kSp, 0, c_load_offset(i), 0};
        case 4:
            if (rs2 != 0) {  // c.mv, c.add
                return bits(i, 12, 12) == 0
                           ? Instruction{Op::Add, kCompressedBytes, rd, rs2}
                           : Instruction{Op::AddRegisters, kCompressedBytes, rd, rd, rs2};
            }
            if (rd == 0) {  // c.ebreak
                return {Op::Trap, kCompressedBytes};
            }
            return bits(i, 12, 12) == 0 ? Instruction{Op::JumpRegister, kCompressedBytes, 0, rd}
                                        : Instruction{Op::CallRegister, kCompressedBytes, kRa, rd};
        case 5:
            return decode_push_pop(i);
        case 6:  // c.swsp
            return {Op::Store, kCompressedBytes, 0, kSp, rs2, c_store_offset(i), 4};
        case 7:  // c.fswsp
            return {Op::Store, kCompressedBytes, 0, kSp, kFirstFloat + rs2, c_store_offset(i), 4};
        default:
            return {Op::Other, kCompressedBytes};
    }
}

}  // namespace

Instruction decode_compressed(std::uint32_t i, std::uint32_t address) {
    switch (i & 3U) {
        case 0:
            return decode_quadrant0(i);
        case 1:
            return decode_quadrant1(i, address);
        default:
            return decode_quadrant2(i);
    }
}

}  // namespace coredepot::decoder
