#pragma once

#include "decoder/arch/cpu.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"

/// Walks that the device itself made, from a panic's text. Only the innermost frame has registers.
namespace coredepot::decoder {

/// From TaskImage::listed.
Walk listed_walk(const TaskImage& image);

/// From TaskImage::calls. If these lead through an exception's panic handler, the walk continues
/// where the exception happened.
Walk called_walk(const TaskImage& image, const Cpu& cpu, const ApplicationElf& elf,
                 const SymbolTable& symbols);

}  // namespace coredepot::decoder
