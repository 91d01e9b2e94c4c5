#pragma once

#include "decoder/arch/printed_stack.hpp"

namespace coredepot::decoder {

/// As Cpu::complete. What the device lists is where the calls begin; the save areas of the frames,
/// with the return address and the stack pointer of each, are made of that.
void complete_xtensa_stack(PrintedStack& stack);

}  // namespace coredepot::decoder
