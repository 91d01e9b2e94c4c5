#pragma once

#include <cstdint>
#include <span>

#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The known part of the device's address space at the crash: the dump, and those parts of the ELF
/// that cannot have changed since the build. Initial values of variables are not taken from the
/// ELF, because they would look as if the device had sent them.
class KnownMemory {
  public:
    /// Both must outlive this object.
    KnownMemory(const Memory& dump, const ApplicationElf& elf) : dump_{dump}, elf_{elf} {}

    /// Up to `size` bytes from `address` on; fewer when the known part ends.
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
