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

/// The bits of an integer, an enumerator or a pointer of type `type`, those above it zero. Empty:
/// it is none of these, or not known.
std::optional<std::uint64_t> raw_number(const Dwarf_Die& type, const Contents& contents);

/// The text at `address`, where `type` is a pointer to characters; without what makes it unfit for
/// a line, and cut off after kMaxStringBytes. Empty: it is another type, or `memory` has not all
/// of it.
std::optional<std::string> pointed_text(const Dwarf_Die& type, std::uint64_t address,
                                        const KnownMemory& memory);
/// The same of a pointer to `bytes`, which are in no memory.
std::optional<std::string> pointed_text(const Dwarf_Die& type, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
