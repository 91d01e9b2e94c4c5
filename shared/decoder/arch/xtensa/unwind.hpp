#pragma once

#include <cstddef>
#include <string_view>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// Walks an Xtensa stack by the windowed register ABI: the 16 bytes below a frame's stack pointer
/// hold a0-a3 of its caller, of which a0 is the return address and a1 the stack pointer. Needs no
/// debug information, and so crosses mask ROM and blobs as well. Ends after `max_depth` frames.
/// `chip`: its name; empty: not known.
Walk unwind_xtensa(const CpuState& cpu, const Memory& memory, const ApplicationElf& elf,
                   std::string_view chip, std::size_t max_depth);

}  // namespace coredepot::decoder
