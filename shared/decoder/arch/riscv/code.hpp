#pragma once

#include <cstdint>
#include <optional>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

// What an unwinder can read off RISC-V machine code (RV32IC) where no debug information helps.
// Encodings: The RISC-V Instruction Set Manual, volume I, chapters 2 (RV32I) and 16 (C).

/// Whether the instruction before `return_address` is a call, as it must be on a real stack.
bool follows_call(std::uint32_t return_address, const ApplicationElf& elf);

/// Where the call before `return_address` went, when the instructions themselves say it (`jal`,
/// `auipc` + `jalr`); empty: no call there, or one through a pointer.
std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf);

/// What a function's first instructions did to the stack.
struct Prologue {
    std::uint32_t frame_size = 0;  ///< bytes that the stack pointer was lowered by
    /// How far below the caller's stack pointer the return address lies; empty: still in `ra`.
    std::optional<std::uint32_t> return_address_below;
};

/// Reads the instructions from `start` (the first of a function) up to, but not including, `end`.
Prologue scan_prologue(std::uint32_t start, std::uint32_t end, const ApplicationElf& elf);

}  // namespace coredepot::decoder
