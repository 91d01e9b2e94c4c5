#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace coredepot::decoder {

/// A piece of the device's memory in the dump.
struct Segment {
    std::uint32_t start = 0;
    std::span<const std::byte> bytes;

    bool contains(std::uint32_t address) const {
        return address >= start && address - start < bytes.size();
    }
};

/// The device's memory as far as the dump has it: task control blocks, stacks, and whatever else
/// the firmware asked to dump. The bytes stay in the dump.
class Memory {
  public:
    /// If segments overlap, the one added first wins. Throws Undecodable when there are many more
    /// overlaps than a device makes.
    void add(Segment segment);

    /// The segment, or its visible part, that contains `address`; null when there is none.
    const Segment* find(std::uint32_t address) const;

    /// The bytes from `address` to the end of its segment; empty when it is not in the dump.
    std::span<const std::byte> from(std::uint32_t address) const;

    /// The word at `address`; empty when not all of it is in the dump.
    std::optional<std::uint32_t> u32(std::uint32_t address) const;

    /// All visible memory, by address. Throws Undecodable when there is far more than a device has:
    /// a hostile dump's segments may all share the same bytes.
    std::vector<Segment> segments() const;

  private:
    std::map<std::uint32_t, Segment> segments_;  // by start, without overlaps
    std::size_t overlaps_ = 0;
};

}  // namespace coredepot::decoder
