#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace coredepot::decoder {

/// A piece of the device's memory, as the dump holds it.
struct Segment {
    std::uint32_t start = 0;
    std::span<const std::byte> bytes;

    bool contains(std::uint32_t address) const {
        return address >= start && address - start < bytes.size();
    }
};

/// The device's memory as far as the dump holds it: task control blocks, stacks and whatever else
/// the firmware asked to be dumped. The bytes stay where they are, in the dump.
class Memory {
  public:
    /// Segments may overlap (a hostile dump's do); the one added first is then seen.
    void add(Segment segment) { segments_.push_back(segment); }

    /// The segment that holds `address`; null: none does.
    const Segment* find(std::uint32_t address) const;

    /// The bytes from `address` to the end of its segment; empty: not in the dump.
    std::span<const std::byte> from(std::uint32_t address) const;

    /// The word at `address`; empty: not (wholly) in the dump.
    std::optional<std::uint32_t> u32(std::uint32_t address) const;

  private:
    std::vector<Segment> segments_;
};

}  // namespace coredepot::decoder
