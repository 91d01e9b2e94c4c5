#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/arch/riscv/cfi.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

/// libgcc's functions that save and restore registers for others, with `-msave-restore`. They do
/// not behave like ordinary functions.
namespace coredepot::decoder {

/// Whether a function is `__riscv_save_N`, which saves its caller's registers and returns through
/// t0.
bool is_saving_millicode(std::string_view function);

/// Whether it is `__riscv_restore_N`, which ends the function that jumped to it.
bool is_restoring_millicode(std::string_view function);

/// Executes the rest of a function that is about to return, from `pc` with `registers`, and gives
/// its caller. Empty when the rest is more than loading registers and returning.
std::optional<CallerFrame> run_to_return(std::uint32_t pc, FrameRegisters registers,
                                         const ApplicationElf& elf, const Memory& memory);

}  // namespace coredepot::decoder
