#include "decoder/memory.hpp"

#include <algorithm>

#include "decoder/reader.hpp"

namespace coredepot::decoder {

// A real dump has some twenty segments, and reads of one stack hit the same one again and again:
// a linear search is as good as any. The readers of both containers cap their number.
const Segment* Memory::find(std::uint32_t address) const {
    const auto found = std::ranges::find_if(
        segments_, [address](const Segment& segment) { return segment.contains(address); });
    return found == segments_.end() ? nullptr : &*found;
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
