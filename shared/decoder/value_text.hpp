#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "decoder/contents.hpp"
#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"
#include "decoder/symbol_table.hpp"
#include "decoder/target_memory.hpp"

namespace coredepot::decoder {

/// What is shown for a value that is not known: `<optimized out>`.
std::string gap_text(Gap gap);

/// Writes values of the program as gdb does: `97 'a'`, `0x400e4010 <main_task>`, `HEATER_ON`,
/// `{x = 1, name = "bath"}`. Structures inside of structures are shown as `{...}`, and of an array
/// the first elements.
class ValueText {
  public:
    /// All must outlive this object.
    ValueText(const TargetMemory& memory, const SymbolTable& symbols, const Deadline& deadline)
        : memory_{memory}, symbols_{symbols}, deadline_{deadline} {}

    /// The value of type `type` that `contents` holds.
    std::string write(const Dwarf_Die& type, const Contents& contents) const;

  private:
    /// Where a value is: `size` bytes of contents from `offset` on.
    struct Slot {
        const Contents& contents;
        std::size_t offset = 0;
        int depth = 0;  ///< of structures and arrays around it

        std::span<const std::byte> bytes(std::size_t size) const {
            return std::span{contents.bytes}.subspan(offset, size);
        }
    };

    std::string any(const Dwarf_Die& type, const Slot& slot) const;
    std::string pointer(Dwarf_Die& type, std::uint32_t address) const;
    std::string reference(Dwarf_Die& type, std::uint32_t address) const;
    std::string structure(Dwarf_Die& type, const Slot& slot) const;
    std::string member(Dwarf_Die& member, const Slot& slot) const;
    std::string array(Dwarf_Die& type, const Slot& slot) const;
    std::string scalar(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const;
    std::string enumerator(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const;

    const TargetMemory& memory_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
};

}  // namespace coredepot::decoder
