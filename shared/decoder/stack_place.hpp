#pragma once

#include "decoder/dump/core_image.hpp"
#include "decoder/index/prepared_elf.hpp"

namespace coredepot::decoder {

/// Puts the stack of `image` that came without an address where it was, by `elf`: it goes up to the
/// end of the firmware's main stack. Where it was cut off before that, or the ELF does not tell,
/// its frames can still be found, because they tell of each other how far apart they are: then it
/// is put where no chip has memory, and a remark says so.
void place_stack(CoreImage& image, const PreparedElf& elf);

}  // namespace coredepot::decoder
