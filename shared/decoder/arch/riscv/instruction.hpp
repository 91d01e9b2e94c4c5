#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace coredepot::decoder {

/// A RISC-V instruction, with as much of its effect as we need to follow registers, the stack and
/// jumps. Registers have their DWARF numbers: x0-x31, then f0-f31. x0 as a destination means none.
struct Instruction {
    enum class Kind {
        Other,              ///< `destination` gets a value that we do not follow
        OtherPair,          ///< `destination` and `second` get values that we do not follow
        Add,                ///< destination = source + immediate; constants have x0 as source
        AddRegisters,       ///< destination = source + second
        SubtractRegisters,  ///< destination = source - second
        ShiftLeft,          ///< destination = source << immediate
        LoadWord,           ///< destination = the word at source + immediate
        Store,              ///< writes `width` bytes of `second` to source + immediate
        Branch,             ///< to the address `immediate`, or continues
        Jump,               ///< to the address `immediate`
        JumpRegister,       ///< to source + immediate
        Call,          ///< calls the address `immediate`; `destination` gets the return address
        CallRegister,  ///< calls source + immediate; the same
        Push,          ///< saves `width` bytes of registers and lowers sp by `immediate`
        Pop,           ///< the opposite
        PopReturn,     ///< the opposite, then returns
        Trap,          ///< the program should not get past this
    };
    Kind kind = Kind::Other;
    std::uint32_t size = 4;  ///< bytes
    std::uint32_t destination = 0;
    std::uint32_t source = 0;
    std::uint32_t second = 0;
    std::uint32_t immediate = 0;  ///< signed values are modulo 2^32
    std::uint32_t width = 0;
};

/// Instructions have one of two sizes.
constexpr std::uint32_t kCompressedBytes = 2;
constexpr std::uint32_t kFullBytes = 4;

constexpr std::uint32_t kFirstFloat = 32;
/// t0: callers of `__riscv_save_N` put the return address there.
constexpr std::uint32_t kMillicodeLink = 5;

/// The register that `cm.push` saves at `index` (less than bytes / 4), from the lowest address up:
/// ra, s0, s1, ... (the Zc specification).
constexpr std::uint32_t pushed_register(std::uint32_t index) {
    constexpr std::uint32_t kRa = 1;
    constexpr std::uint32_t kS0 = 8;
    constexpr std::uint32_t kS2 = 18;
    return index == 0 ? kRa : index <= 2 ? kS0 + index - 1 : kS2 + index - 3;
}

/// Decodes the instruction at `address`; `code` starts with it. Empty when there are too few bytes.
/// Knows RV32IMAFC, Zcb and Zcmp (The RISC-V Instruction Set Manual, volume I; the Zc
/// specification).
std::optional<Instruction> decode_instruction(std::span<const std::byte> code,
                                              std::uint32_t address);

}  // namespace coredepot::decoder
