#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/known_memory.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/values/enumerator_text.hpp"

namespace coredepot::decoder {

/// Writes values that fit a register as gdb does: numbers, enumerators, and pointers with their
/// targets, `0x400e4010 <main_task>`, `0x3c00000c "bath"`.
class ScalarText {
  public:
    /// All must outlive this object.
    ScalarText(const KnownMemory& memory, const SymbolTable& symbols, const Deadline& deadline)
        : memory_{memory}, symbols_{symbols}, deadline_{deadline}, enumerators_{deadline} {}

    /// `type` includes its typedefs and qualifiers, because some of these make a number a
    /// character. The value has `bits` bits, 1 to 64; those above are zero.
    std::string write(const Dwarf_Die& type, std::uint64_t value, std::size_t bits) const;

  private:
    std::string plain(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const;
    std::string pointer(Dwarf_Die& type, std::uint32_t address) const;
    std::string reference(Dwarf_Die& type, std::uint32_t address) const;

    const KnownMemory& memory_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    EnumeratorText enumerators_;
};

}  // namespace coredepot::decoder
