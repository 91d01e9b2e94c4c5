#pragma once

#include <cstdint>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

constexpr std::uint32_t kXtensaCallBytes = 3;  ///< of CALLn and CALLXn

/// For Cpu::follows_call.
bool follows_xtensa_call(std::uint32_t address, const ApplicationElf& elf);

}  // namespace coredepot::decoder
