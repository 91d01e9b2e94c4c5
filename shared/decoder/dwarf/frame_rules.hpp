#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace coredepot::decoder {

/// Where a function keeps one of its caller's registers, at one instruction.
struct RegisterRule {
    enum class Kind {
        SameValue,    ///< still in the register
        Undefined,    ///< lost; for the return address: there is no caller
        SavedAt,      ///< in memory at CFA plus `value`
        ValueOf,      ///< its value is CFA plus `value`
        InRegister,   ///< in register number `value`
        Unsupported,  ///< an expression
    };
    Kind kind = Kind::SameValue;
    std::int32_t value = 0;
};

/// The number of registers with rules: the 32 general ones, and as many for floating point.
constexpr std::size_t kFrameRules = 64;

/// What call frame information says about one instruction: the canonical frame address (CFA, the
/// caller's stack pointer) and a rule for each register.
struct FrameRules {
    /// Empty: it is an expression, which we do not support.
    std::optional<std::uint32_t> cfa_register;
    std::int32_t cfa_offset = 0;
    std::array<RegisterRule, kFrameRules> registers;
};

/// The part that all entries of a compilation unit share (a CIE).
struct FrameCommon {
    std::uint32_t code_alignment = 1;
    std::int32_t data_alignment = 1;
    std::uint32_t return_register = 1;
    std::uint8_t pointer_encoding = 0;  ///< DW_EH_PE_*, for addresses in the entries
    bool augmented = false;             ///< entries have a block of augmentation data
    std::span<const std::byte> program;
};

/// Runs the instructions of `common`, then those of the entry that starts at `start`, up to
/// `address`. Empty when they are malformed or use something that we do not support.
std::optional<FrameRules> run_frame_program(const FrameCommon& common,
                                            std::span<const std::byte> program, std::uint32_t start,
                                            std::uint32_t address);

}  // namespace coredepot::decoder
