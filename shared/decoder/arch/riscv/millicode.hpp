#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoder/arch/riscv/cfi.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

/// The functions of libgcc that save and restore registers for others, with `-msave-restore`: not
/// as functions do.
namespace coredepot::decoder {

/// Whether a function is `__riscv_save_N`: what it saves is its caller's, and it returns by t0.
bool is_saving_millicode(std::string_view function);

/// Whether it is `__riscv_restore_N`: it ends the function that jumped to it.
bool is_restoring_millicode(std::string_view function);

/// The caller of the function that is at the end of its work at `pc`, with `registers`: what is
/// left to do is done here. Empty: there is more left than to load registers and to return.
std::optional<CallerFrame> run_to_return(std::uint32_t pc, FrameRegisters registers,
                                         const ApplicationElf& elf, const Memory& memory);

}  // namespace coredepot::decoder
