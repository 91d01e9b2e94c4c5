#pragma once

#include "decoder/dump/core_image.hpp"

namespace coredepot::decoder {

/// Reads the BIN payload: for each task `{tcb, stack top, stack end}`, the TCB's bytes and the
/// stack's, each padded to four; then, for each memory segment, `{address, size}` and its bytes.
/// The crashed task comes first. Registers lie on top of the stacks; it carries neither the ELF's
/// SHA-256 nor a panic reason. Throws Undecodable.
CoreImage read_bin_core(const Container& container);

}  // namespace coredepot::decoder
