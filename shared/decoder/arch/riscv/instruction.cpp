#include "decoder/arch/riscv/instruction.hpp"

#include "decoder/arch/riscv/compressed_instruction.hpp"
#include "decoder/arch/riscv/instruction_bits.hpp"
#include "decoder/bytes/byte_reader.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

constexpr std::uint32_t i_immediate(std::uint32_t i) {
    return immediate(bits(i, 31, 20), 12);
}

constexpr std::uint32_t s_immediate(std::uint32_t i) {
    return immediate(bits(i, 31, 25) << 5U | bits(i, 11, 7), 12);
}

constexpr std::uint32_t branch_offset(std::uint32_t i) {
    return immediate(bits(i, 31, 31) << 12U | bits(i, 7, 7) << 11U | bits(i, 30, 25) << 5U |
                         bits(i, 11, 8) << 1U,
                     13);
}

constexpr std::uint32_t jal_offset(std::uint32_t i) {
    return immediate(bits(i, 31, 31) << 20U | bits(i, 19, 12) << 12U | bits(i, 20, 20) << 11U |
                         bits(i, 30, 21) << 1U,
                     21);
}

/// Arithmetic with two registers (opcode OP).
Instruction of_registers(std::uint32_t i, const Instruction& base) {
    Instruction result = base;
    const std::uint32_t function = bits(i, 31, 25) << 3U | bits(i, 14, 12);
    if (function == 0) {
        result.kind = Op::AddRegisters;
    } else if (function == 0x20U << 3U) {
        result.kind = Op::SubtractRegisters;
    }
    return result;
}

/// Arithmetic with a constant (opcode OP-IMM).
Instruction of_constant(std::uint32_t i, const Instruction& base) {
    Instruction result = base;
    if (bits(i, 14, 12) == 0) {
        result.kind = Op::Add;
        result.immediate = i_immediate(i);
    } else if (bits(i, 14, 12) == 1 && bits(i, 31, 25) == 0) {
        result.kind = Op::ShiftLeft;
        result.immediate = bits(i, 24, 20);
    }
    return result;
}

/// Comparisons, conversions to integers, and moves or classifications into integer registers do not
/// write a float register.
constexpr bool writes_float(std::uint32_t i) {
    const std::uint32_t function = bits(i, 31, 27);
    return function != 0x14 && function != 0x18 && function != 0x1C;
}

Instruction decode_long(std::uint32_t i, std::uint32_t address) {
    const std::uint32_t rd = bits(i, 11, 7);
    const std::uint32_t rs1 = bits(i, 19, 15);
    const std::uint32_t rs2 = bits(i, 24, 20);
    const std::uint32_t function = bits(i, 14, 12);
    const Instruction base{Op::Other, kFullBytes, rd, rs1, rs2, 0, 0};
    switch (bits(i, 6, 0)) {
        case 0x37:  // LUI
            return {Op::Add, kFullBytes, rd, 0, 0, i & 0xFFFFF000, 0};
        case 0x17:  // AUIPC
            return {Op::Add, kFullBytes, rd, 0, 0, address + (i & 0xFFFFF000), 0};
        case 0x6F:  // JAL
            return {rd == 0 ? Op::Jump : Op::Call, kFullBytes, rd, 0, 0,
                    address + jal_offset(i),       0};
        case 0x67:  // JALR
            return {rd == 0 ? Op::JumpRegister : Op::CallRegister,
                    kFullBytes,
                    rd,
                    rs1,
                    0,
                    i_immediate(i),
                    0};
        case 0x63:  // BRANCH
            return {Op::Branch, kFullBytes, 0, rs1, rs2, address + branch_offset(i), 0};
        case 0x03:  // LOAD
            return {function == 2 ? Op::LoadWord : Op::Other,
                    kFullBytes,
                    rd,
                    rs1,
                    0,
                    i_immediate(i),
                    0};
        case 0x07:  // LOAD-FP
            return {function == 2 ? Op::LoadWord : Op::Other,
                    kFullBytes,
                    kFirstFloat + rd,
                    rs1,
                    0,
                    i_immediate(i),
                    0};
        case 0x23:  // STORE
            return {Op::Store, kFullBytes, 0, rs1, rs2, s_immediate(i), 1U << (function & 3U)};
        case 0x27:  // STORE-FP
            return {Op::Store,      kFullBytes,           0, rs1, kFirstFloat + rs2,
                    s_immediate(i), 1U << (function & 3U)};
        case 0x13:
            return of_constant(i, base);
        case 0x33:
            return of_registers(i, base);
        case 0x43:  // MADD, MSUB, NMSUB, NMADD
        case 0x47:
        case 0x4B:
        case 0x4F:
            return {Op::Other, kFullBytes, kFirstFloat + rd};
        case 0x53:  // OP-FP
            return {Op::Other, kFullBytes, writes_float(i) ? kFirstFloat + rd : rd};
        case 0x0F:  // MISC-MEM
            return {Op::Other, kFullBytes};
        case 0x73:  // SYSTEM: reads of control registers, and those that leave
            return {function == 0 ? Op::Trap : Op::Other, kFullBytes, rd};
        case 0x2F:  // AMO
            return base;
        default: {  // Espressif's own, which may advance the pointer that they load with
            Instruction other = base;
            other.kind = Op::OtherPair;
            other.second = rs1 == kSp ? 0 : rs1;
            other.destination = rd == kSp ? 0 : rd;
            return other;
        }
    }
}

}  // namespace

std::optional<Instruction> decode_instruction(std::span<const std::byte> code,
                                              std::uint32_t address) {
    if (code.size() < kCompressedBytes) {
        return std::nullopt;
    }
    const auto half = static_cast<std::uint32_t>(load_number(code.first(kCompressedBytes)));
    if (is_compressed(half)) {
        return decode_compressed(half, address);
    }
    return code.size() < kFullBytes ? std::nullopt
                                    : std::optional{decode_long(load_u32(code), address)};
}

}  // namespace coredepot::decoder
