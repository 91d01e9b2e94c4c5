#pragma once

#include <cstdint>
#include <span>

#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The address space of the device when it crashed, as far as it is known: what the dump holds, and
/// from the ELF what cannot have changed since the build. Initial values of variables are not read
/// from the ELF: they would be shown as if the device had told them.
class KnownMemory {
  public:
    /// Both must outlive this object.
    KnownMemory(const Memory& dump, const ApplicationElf& elf) : dump_{dump}, elf_{elf} {}

    /// The bytes from `address` on, up to `size` of them; fewer where what is known ends.
    std::span<const std::byte> read(std::uint32_t address, std::size_t size) const {
        const auto dumped = dump_.from(address);
        const auto known = dumped.empty() ? elf_.constant(address) : dumped;
        return known.first(size < known.size() ? size : known.size());
    }

  private:
    const Memory& dump_;
    const ApplicationElf& elf_;
};

}  // namespace coredepot::decoder
