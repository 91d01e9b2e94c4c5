#pragma once

#include <optional>

#include "decoder/dump/core_image.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// The CPU that printed `panic`, by the names of its registers or its chip; empty: neither is told.
std::optional<Architecture> architecture_of(const PanicText& panic);

/// What a core dump would hold of `panic`, as far as the text tells: for each core that printed
/// something the task that it was running, and the memory of the stack that its backtrace was found
/// in. Xtensa's is no more than what holds the frames together, the saved return address and stack
/// pointer of each.
CoreImage image_of(const PanicText& panic, Architecture architecture);

}  // namespace coredepot::decoder
