#pragma once

#include "decoder/dump/core_image.hpp"
#include "decoder/index/prepared_elf.hpp"

namespace coredepot::decoder {

/// Finds the address of a stack in `image` that came without one, with `elf`: it ends at the end of
/// the firmware's main stack. If it was cut off before that, or the ELF does not tell, its frames
/// can still be found, because they contain their distances. Then it goes to an address where no
/// chip has memory, and a remark says so.
void place_stack(CoreImage& image, const PreparedElf& elf);

}  // namespace coredepot::decoder
