#pragma once

#include <memory>

#include "decoder/arch/stack_unwinder.hpp"

namespace coredepot::decoder {

/// Walks an Xtensa stack by the windowed register ABI: the 16 bytes below a frame's stack pointer
/// hold a0-a3 of its caller, of which a0 is the return address and a1 the stack pointer. Needs no
/// debug information, and so crosses mask ROM and blobs as well.
std::unique_ptr<StackUnwinder> make_xtensa_unwinder(const StackSources& sources);

}  // namespace coredepot::decoder
