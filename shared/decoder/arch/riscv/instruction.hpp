#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace coredepot::decoder {

/// What a RISC-V instruction does, as far as it takes to follow registers, the stack and jumps.
/// Registers have their DWARF numbers: x0-x31, then f0-f31. x0 as a destination means none.
struct Instruction {
    enum class Kind {
        Other,              ///< `destination` gets a value that is not followed
        OtherPair,          ///< `destination` and `second` get values that are not followed
        Add,                ///< destination = source + immediate; constants have x0 as source
        AddRegisters,       ///< destination = source + second
        SubtractRegisters,  ///< destination = source - second
        ShiftLeft,          ///< destination = source << immediate
        LoadWord,           ///< destination = what lies at source + immediate
        Store,              ///< `second` to source + immediate, `width` bytes of it
        Branch,             ///< to the address `immediate`, or on
        Jump,               ///< to the address `immediate`
        JumpRegister,       ///< to source + immediate
        Call,               ///< of the address `immediate`; `destination` gets the return address
        CallRegister,       ///< of source + immediate; the same
        Push,               ///< saves `width` bytes of registers, lowers sp by `immediate`
        Pop,                ///< the opposite
        PopReturn,          ///< the opposite, and returns
        Trap,               ///< the program should not come past this
    };
    Kind kind = Kind::Other;
    std::uint32_t size = 4;  ///< bytes
    std::uint32_t destination = 0;
    std::uint32_t source = 0;
    std::uint32_t second = 0;
    std::uint32_t immediate = 0;  ///< what is signed is so modulo 2^32
    std::uint32_t width = 0;
};

/// The two sizes of instructions.
constexpr std::uint32_t kCompressedBytes = 2;
constexpr std::uint32_t kFullBytes = 4;

constexpr std::uint32_t kFirstFloat = 32;
constexpr std::uint32_t kMillicodeLink = 5;  ///< t0: who calls `__riscv_save_N` returns by it

/// The registers that `cm.push` saves `bytes` of, from the lowest address on: ra, s0, s1, ... (the
/// Zc specification). `index` is less than bytes / 4.
constexpr std::uint32_t pushed_register(std::uint32_t index) {
    constexpr std::uint32_t kRa = 1;
    constexpr std::uint32_t kS0 = 8;
    constexpr std::uint32_t kS2 = 18;
    return index == 0 ? kRa : index <= 2 ? kS0 + index - 1 : kS2 + index - 3;
}

/// The instruction at `address`, whose code begins with `code`. Empty: there are too few bytes.
/// Knows RV32IMAFC, Zcb and Zcmp (The RISC-V Instruction Set Manual, volume I; the Zc
/// specification).
std::optional<Instruction> decode_instruction(std::span<const std::byte> code,
                                              std::uint32_t address);

}  // namespace coredepot::decoder
