#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
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
    /// Where segments overlap, the one added first is seen. Throws Undecodable when they do so far
    /// more often than those of a device.
    void add(Segment segment);

    /// The segment, or what is seen of it, that holds `address`; null: none does.
    const Segment* find(std::uint32_t address) const;

    /// The bytes from `address` to the end of its segment; empty: not in the dump.
    std::span<const std::byte> from(std::uint32_t address) const;

    /// The word at `address`; empty: not (wholly) in the dump.
    std::optional<std::uint32_t> u32(std::uint32_t address) const;

    /// All of it, as it is seen, by address.
    /// Throws Undecodable where it is far more than a device has: the segments of a hostile dump
    /// may all have the same bytes.
    std::vector<Segment> segments() const;

  private:
    std::map<std::uint32_t, Segment> segments_;  // by start; they do not overlap
    std::size_t overlaps_ = 0;
};

}  // namespace coredepot::decoder
