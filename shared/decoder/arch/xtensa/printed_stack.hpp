#pragma once

#include "decoder/arch/printed_stack.hpp"

namespace coredepot::decoder {

/// For Cpu::complete. The device lists where the calls begin. From that we make the save areas of
/// the frames, which hold the return address and the stack pointer of each.
void complete_xtensa_stack(PrintedStack& stack);

}  // namespace coredepot::decoder
