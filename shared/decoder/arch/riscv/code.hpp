#pragma once

#include <cstdint>
#include <optional>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

// What RISC-V machine code says about calls.

/// Whether the instruction before `return_address` is a call, as it must be on a real stack.
bool follows_call(std::uint32_t return_address, const ApplicationElf& elf);

/// The target of the call before `return_address` if the instructions contain it (`jal`, `auipc` +
/// `jalr`); empty when there is no call, or when it goes through a pointer.
std::optional<std::uint32_t> direct_call_target(std::uint32_t return_address,
                                                const ApplicationElf& elf);

}  // namespace coredepot::decoder
