#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/known_memory.hpp"
#include "decoder/values/contents.hpp"

namespace coredepot::decoder {

/// The bits of an integer, an enumerator or a pointer; the bits above are zero. Empty for other
/// types and unknown values.
std::optional<std::uint64_t> raw_number(const Dwarf_Die& type, const Contents& contents);

/// The text at `address` if `type` is a pointer to characters: made fit for a line, and cut after
/// kMaxStringBytes. Empty for other types, or when `memory` does not have all of it.
std::optional<std::string> pointed_text(const Dwarf_Die& type, std::uint64_t address,
                                        const KnownMemory& memory);
/// The same for a pointer to `bytes`, which are not in memory.
std::optional<std::string> pointed_text(const Dwarf_Die& type, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
