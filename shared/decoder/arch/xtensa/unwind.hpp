#pragma once

#include <memory>

#include "decoder/arch/stack_unwinder.hpp"

namespace coredepot::decoder {

/// Walks an Xtensa stack by the windowed register ABI: the 16 bytes below a frame's stack pointer
/// hold its caller's a0-a3, of which a0 is the return address and a1 the stack pointer. It needs no
/// debug information, so it also crosses mask ROM and blobs.
std::unique_ptr<StackUnwinder> make_xtensa_unwinder(const StackSources& sources);

}  // namespace coredepot::decoder
