#pragma once

#include "decoder/arch/cpu.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"

/// Walks that the device made, as the text of a panic has them. Only the innermost frame has
/// registers.
namespace coredepot::decoder {

/// Of TaskImage::listed.
Walk listed_walk(const TaskImage& image);

/// Of TaskImage::calls. Where these are of the panic handler of an exception, they go on where the
/// exception was.
Walk called_walk(const TaskImage& image, const Cpu& cpu, const ApplicationElf& elf,
                 const SymbolTable& symbols);

}  // namespace coredepot::decoder
