#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/scalar_text.hpp"

namespace coredepot::decoder {

/// Writes values of the program as gdb does: those of ScalarText, and `{x = 1, name = "bath"}`.
/// Structures inside structures are shown as `{...}`, base classes are opened, and of an array only
/// the first elements are shown.
class ValueText {
  public:
    /// All must outlive this object.
    ValueText(const KnownMemory& memory, const SymbolTable& symbols, const Deadline& deadline)
        : scalars_{memory, symbols, deadline}, deadline_{deadline} {}

    /// The value in `contents`, of type `type`. For an array whose `type` has no length, `contents`
    /// are all elements or the first ones.
    std::string write(const Dwarf_Die& type, const Contents& contents) const;

  private:
    /// The place of a value: `size` bytes of the contents from `offset` on.
    struct Slot {
        const Contents& contents;
        std::size_t offset = 0;
        int depth = 0;  ///< how many structures and arrays are around it

        std::span<const std::byte> bytes(std::size_t size) const {
            return std::span{contents.bytes}.subspan(offset, size);
        }
    };

    struct Element {
        Dwarf_Die type;
        std::size_t size;  ///< bytes
    };

    static std::optional<std::size_t> total_size(Dwarf_Die type, const Slot& slot);
    std::string any(const Dwarf_Die& type, const Slot& slot) const;
    std::string structure(Dwarf_Die& type, const Slot& slot) const;
    std::string structure(Dwarf_Die& type, const Slot& slot, std::size_t& count) const;
    std::string base(Dwarf_Die& inheritance, const Slot& slot, std::size_t& count) const;
    std::string member(Dwarf_Die& member, const Slot& slot) const;
    std::string array(Dwarf_Die& type, const Slot& slot) const;
    std::string dimension(const Element& element, std::span<const std::size_t> rows,
                          std::size_t total, const Slot& slot) const;
    std::string row(const Element& element, std::size_t total, const Slot& slot) const;

    ScalarText scalars_;
    const Deadline& deadline_;
};

}  // namespace coredepot::decoder
