#pragma once

#include "decoder/dump/core_image.hpp"

namespace coredepot::decoder {

/// Reads the BIN payload. For each task it has `{tcb, stack top, stack end}`, the bytes of the TCB
/// and those of the stack, each padded to four; then, for each memory segment, `{address, size}`
/// and its bytes. The crashed task comes first. Registers are on top of the stacks. There is no
/// SHA-256 of the ELF and no panic reason. Throws Undecodable.
CoreImage read_bin_core(const Container& container);

}  // namespace coredepot::decoder
