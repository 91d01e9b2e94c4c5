#pragma once

#include <cstdint>
#include <optional>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

// What RISC-V machine code says of calls.

/// Whether the instruction before `return_address` is a call, as it must be on a real stack.
bool follows_call(std::uint32_t return_address, const ApplicationElf& elf);

/// Where the call before `return_address` went, when the instructions themselves say it (`jal`,
/// `auipc` + `jalr`); empty: no call there, or one through a pointer.
std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf);

}  // namespace coredepot::decoder
