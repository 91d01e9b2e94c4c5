#include "decoder/target/memory.hpp"

#include <algorithm>
#include <iterator>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {

namespace {

constexpr std::uint64_t kAddressSpace = 1ULL << 32U;

/// The interrupts' stack is dumped together with what follows it. Other segments do not overlap.
constexpr std::size_t kMaxOverlaps = 100'000;

/// A generous limit: the largest external RAM is 64 MiB (ESP32-P4: 32).
constexpr std::size_t kMaxBytes = 64U << 20U;
/// A little less than the header of an ELF core file can count.
constexpr std::size_t kMaxSeen = 65'000;

std::uint64_t end_of(const Segment& segment) {
    return std::min(segment.start + std::uint64_t{segment.bytes.size()}, kAddressSpace);
}

}  // namespace

void Memory::add(Segment segment) {
    const std::uint64_t end = end_of(segment);
    std::uint64_t begin = segment.start;
    auto next = segments_.upper_bound(segment.start);
    if (next != segments_.begin()) {
        begin = std::max(begin, end_of(std::prev(next)->second));
    }
    while (begin < end) {
        const std::uint64_t gap_end = next == segments_.end() ? kAddressSpace : next->first;
        if (begin < gap_end) {
            const std::uint64_t size = std::min(end, gap_end) - begin;
            const auto start = static_cast<std::uint32_t>(begin);
            segments_.emplace_hint(
                next, start, Segment{start, segment.bytes.subspan(begin - segment.start, size)});
        }
        if (next == segments_.end() || ++overlaps_ > kMaxOverlaps) {
            break;
        }
        begin = end_of(next->second);
        ++next;
    }
    if (overlaps_ > kMaxOverlaps) {
        throw Undecodable{"the core dump is damaged: its memory segments overlap"};
    }
}

const Segment* Memory::find(std::uint32_t address) const {
    const auto next = segments_.upper_bound(address);
    if (next == segments_.begin()) {
        return nullptr;
    }
    const Segment& segment = std::prev(next)->second;
    return segment.contains(address) ? &segment : nullptr;
}

std::vector<Segment> Memory::segments() const {
    std::vector<Segment> all;
    all.reserve(segments_.size());
    std::size_t bytes = 0;
    for (const auto& [start, segment] : segments_) {
        bytes += segment.bytes.size();
        if (bytes > kMaxBytes || all.size() >= kMaxSeen) {
            throw Undecodable{"the core dump is damaged: it has more memory than any device"};
        }
        all.push_back(segment);
    }
    return all;
}

std::span<const std::byte> Memory::from(std::uint32_t address) const {
    const Segment* const segment = find(address);
    return segment == nullptr ? std::span<const std::byte>{}
                              : segment->bytes.subspan(address - segment->start);
}

std::optional<std::uint32_t> Memory::u32(std::uint32_t address) const {
    const auto bytes = from(address);
    return bytes.size() < 4 ? std::nullopt : std::optional{load_u32(bytes)};
}

}  // namespace coredepot::decoder
