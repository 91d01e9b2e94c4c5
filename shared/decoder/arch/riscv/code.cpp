#include "decoder/arch/riscv/code.hpp"

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/sign_extended.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kRa = 1;

/// A prologue saves at most 13 registers; compilers mix in some instructions of the body.
constexpr std::uint32_t kLongestPrologue = 256;

/// Bits `high` to `low` of `value`, at the bottom.
constexpr std::uint32_t bits(std::uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((2U << (high - low)) - 1);
}

/// What an instruction adds whose `width` bits for that are `value`: a signed number, and so modulo
/// 2^32.
constexpr std::uint32_t immediate(std::uint32_t value, unsigned width) {
    return static_cast<std::uint32_t>(sign_extended(value, width));
}

std::optional<std::uint32_t> half(std::uint32_t address, const ApplicationElf& elf) {
    const auto code = elf.code(address);
    return code.size() < 2 ? std::nullopt
                           : std::optional{std::to_integer<std::uint32_t>(code[0]) |
                                           std::to_integer<std::uint32_t>(code[1]) << 8U};
}

std::optional<std::uint32_t> word(std::uint32_t address, const ApplicationElf& elf) {
    const auto code = elf.code(address);
    return code.size() < 4 ? std::nullopt : std::optional{load_u32(code)};
}

constexpr std::uint32_t rd(std::uint32_t instruction) {
    return bits(instruction, 11, 7);
}
constexpr std::uint32_t rs1(std::uint32_t instruction) {
    return bits(instruction, 19, 15);
}

constexpr bool is_jal(std::uint32_t instruction) {
    return bits(instruction, 6, 0) == 0x6F && rd(instruction) == kRa;
}
constexpr bool is_jalr(std::uint32_t instruction) {
    return (instruction & 0x707F) == 0x67 && rd(instruction) == kRa;
}
constexpr bool is_auipc(std::uint32_t instruction) {
    return bits(instruction, 6, 0) == 0x17;
}
constexpr bool is_compressed_jal(std::uint32_t instruction) {
    return (instruction & 0xE003) == 0x2001;
}
constexpr bool is_compressed_jalr(std::uint32_t instruction) {
    return (instruction & 0xF07F) == 0x9002 && rd(instruction) != 0;
}

constexpr std::uint32_t jal_offset(std::uint32_t i) {
    return immediate(bits(i, 31, 31) << 20U | bits(i, 19, 12) << 12U | bits(i, 20, 20) << 11U |
                         bits(i, 30, 21) << 1U,
                     21);
}

constexpr std::uint32_t compressed_jal_offset(std::uint32_t i) {
    return immediate(bits(i, 12, 12) << 11U | bits(i, 8, 8) << 10U | bits(i, 10, 9) << 8U |
                         bits(i, 6, 6) << 7U | bits(i, 7, 7) << 6U | bits(i, 2, 2) << 5U |
                         bits(i, 11, 11) << 4U | bits(i, 5, 3) << 1U,
                     12);
}

/// How many bytes `instruction` adds to the stack pointer; 0: it does not.
constexpr std::uint32_t stack_change(std::uint32_t instruction, bool compressed) {
    if (!compressed) {  // addi sp, sp, imm
        return (instruction & 0xFFFFF) == 0x10113 ? immediate(bits(instruction, 31, 20), 12) : 0;
    }
    const std::uint32_t i = instruction;
    if ((i & 0xEF83) == 0x0101) {  // c.addi sp, imm
        return immediate(bits(i, 12, 12) << 5U | bits(i, 6, 2), 6);
    }
    if ((i & 0xEF83) == 0x6101) {  // c.addi16sp imm
        return immediate(bits(i, 12, 12) << 9U | bits(i, 4, 3) << 7U | bits(i, 5, 5) << 6U |
                             bits(i, 2, 2) << 5U | bits(i, 6, 6) << 4U,
                         10);
    }
    return 0;
}

/// The offset from the stack pointer at which `instruction` stores `ra`; empty: it does not.
constexpr std::optional<std::uint32_t> return_address_store(std::uint32_t instruction,
                                                            bool compressed) {
    const std::uint32_t i = instruction;
    if (compressed && (i & 0xE003) == 0xC002 && bits(i, 6, 2) == kRa) {  // c.swsp ra, offset
        return bits(i, 8, 7) << 6U | bits(i, 12, 9) << 2U;
    }
    if (!compressed && (i & 0x01FFF07F) == 0x00112023) {  // sw ra, offset(sp)
        return immediate(bits(i, 31, 25) << 5U | bits(i, 11, 7), 12);
    }
    return std::nullopt;
}

/// What a `cm.push` of the Zcmp extension (C5, C61, H4, P4) does: it stores `ra` and a number of
/// callee-saved registers, `ra` lowest, and lowers the stack pointer.
struct Push {
    std::uint32_t frame_size;
    std::uint32_t return_address_below;  ///< the stack pointer as it was
};

constexpr std::optional<Push> push(std::uint32_t instruction) {
    constexpr std::uint32_t kFirstList = 4;  // {ra}; 5: {ra, s0}; ... 14: {ra, s0-s9}
    constexpr std::uint32_t kLongList = 15;  // {ra, s0-s11}
    const std::uint32_t list = bits(instruction, 7, 4);
    if ((instruction & 0xFF03) != 0xB802 || list < kFirstList) {
        return std::nullopt;
    }
    const std::uint32_t registers = list == kLongList ? 13 : list - 3;
    const std::uint32_t saved = (registers * 4 + 15) & ~15U;  // the stack stays 16-byte aligned
    return Push{saved + bits(instruction, 3, 2) * 16, registers * 4};
}

}  // namespace

bool follows_call(std::uint32_t return_address, const ApplicationElf& elf) {
    const auto longer = word(return_address - 4, elf);
    const auto shorter = half(return_address - 2, elf);
    return (longer && (is_jal(*longer) || is_jalr(*longer))) ||
           (shorter && (is_compressed_jal(*shorter) || is_compressed_jalr(*shorter)));
}

std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf) {
    if (const auto call = word(return_address - 4, elf)) {
        if (is_jal(*call)) {
            return return_address - 4 + jal_offset(*call);
        }
        const auto upper = word(return_address - 8, elf);
        if (is_jalr(*call) && upper && is_auipc(*upper) && rd(*upper) == rs1(*call)) {
            return return_address - 8 + (*upper & 0xFFFFF000) + immediate(bits(*call, 31, 20), 12);
        }
    }
    if (const auto call = half(return_address - 2, elf); call && is_compressed_jal(*call)) {
        return return_address - 2 + compressed_jal_offset(*call);
    }
    return std::nullopt;
}

Prologue scan_prologue(std::uint32_t start, std::uint32_t end, const ApplicationElf& elf) {
    Prologue prologue;
    std::uint32_t offset = 0;
    while (offset < kLongestPrologue && start + offset < end) {
        const auto first = half(start + offset, elf);
        const bool compressed = first && (*first & 3) != 3;
        const auto instruction = compressed ? first : word(start + offset, elf);
        if (!instruction) {
            break;
        }
        if (const auto pushed = compressed ? push(*instruction) : std::nullopt) {
            prologue.return_address_below = prologue.frame_size + pushed->return_address_below;
            prologue.frame_size += pushed->frame_size;
        }
        // Raising the stack pointer again belongs to an early return, which was not taken.
        const std::uint32_t change = stack_change(*instruction, compressed);
        if (static_cast<std::int32_t>(change) < 0) {
            prologue.frame_size -= change;
        } else if (const auto store = return_address_store(*instruction, compressed);
                   store && *store < prologue.frame_size) {
            prologue.return_address_below = prologue.frame_size - *store;
        }
        offset += compressed ? 2 : 4;
    }
    return prologue;
}

}  // namespace coredepot::decoder
