#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Writes values of enumerations as gdb does: a name, `HEATER_ON` or `net::State::Up`; the combined
/// flags, `(FLAG_A | unknown: 0x8)`; or a number.
class EnumeratorText {
  public:
    /// `deadline` must outlive this object.
    explicit EnumeratorText(const Deadline& deadline) : deadline_{deadline} {}

    /// The value has `bits` bits, 1 to 64; those above are zero.
    std::string write(Dwarf_Die& type, std::uint64_t value, std::size_t bits) const;

  private:
    const std::string& scope(Dwarf_Die& type) const;

    const Deadline& deadline_;
    /// The prefix of an enumeration's names, by the address of its DIE. Finding it takes long.
    mutable std::map<const void*, std::string> scopes_{};
};

}  // namespace coredepot::decoder
