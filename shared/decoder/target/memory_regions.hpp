#pragma once

#include <cstdint>
#include <string_view>

namespace coredepot::decoder {

/// What lies at `address` on the chip called `chip`: `internal RAM`, `flash`, `peripheral
/// registers`; empty: nothing, or no such chip is known. From the address maps of the technical
/// reference manuals (chapter "System and Memory"), as ESP-IDF's soc.h has them.
std::string_view memory_region(std::string_view chip, std::uint32_t address);

/// What memory_region() calls the functions that are in no application ELF.
constexpr std::string_view kMaskRomRegion = "mask ROM";

/// Whether the address map of `chip` is known.
bool has_memory_map(std::string_view chip);

}  // namespace coredepot::decoder
