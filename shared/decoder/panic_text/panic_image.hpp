#pragma once

#include <optional>

#include "decoder/dump/core_image.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// The CPU that printed `panic`, by the names of its registers or by its chip; empty when neither
/// is known.
std::optional<Architecture> architecture_of(const PanicText& panic);

/// What a core dump would contain of `panic`, as far as the text tells: for each core that printed
/// something, the task that it was running, and the stack memory in which its backtrace was found.
/// On Xtensa that is only what links the frames: each one's saved return address and stack pointer.
CoreImage image_of(const PanicText& panic, Architecture architecture);

}  // namespace coredepot::decoder
