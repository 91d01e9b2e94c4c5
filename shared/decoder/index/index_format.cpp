#include "decoder/index/index_format.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/cursor.hpp"
#include "sha256.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::string_view kIndexMagic = "CDELFIDX";
constexpr std::size_t kHexDigits = 64;
constexpr std::size_t kRangeBytes = 3 * sizeof(std::uint32_t);

void append_u32(std::string& bytes, std::uint32_t value) {
    for (unsigned i = 0; i < sizeof value; ++i) {
        bytes.push_back(static_cast<char>(value >> (i * kBitsPerByte) & 0xFFU));
    }
}

std::string_view take_text(Cursor& cursor, std::size_t size) {
    const auto bytes = cursor.take(size);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool in_order(const std::vector<DebugIndex::Range>& ranges) {
    return std::ranges::is_sorted(ranges, {}, &DebugIndex::Range::start) &&
           std::ranges::all_of(ranges, [](const auto& range) { return range.start < range.end; });
}

}  // namespace

std::string write_index(const DebugIndex& index, std::string_view elf_sha256) {
    std::string bytes{kIndexMagic};
    append_u32(bytes, kIndexVersion);
    bytes += elf_sha256;
    append_u32(bytes, index.task_control_block.value_or(0));
    append_u32(bytes, static_cast<std::uint32_t>(index.ranges.size()));
    for (const auto& range : index.ranges) {
        for (const auto value : {range.start, range.end, range.unit}) {
            append_u32(bytes, value);
        }
    }
    return bytes += sha256_hex(bytes);
}

std::optional<DebugIndex> read_index(std::string_view bytes, std::string_view elf_sha256) {
    if (bytes.size() < kHexDigits || bytes.size() > kMaxIndexBytes) {
        return std::nullopt;
    }
    const auto content = bytes.substr(0, bytes.size() - kHexDigits);
    Cursor cursor{std::as_bytes(std::span{content})};
    if (take_text(cursor, kIndexMagic.size()) != kIndexMagic || cursor.u32() != kIndexVersion ||
        take_text(cursor, kHexDigits) != elf_sha256 ||
        bytes.substr(content.size()) != sha256_hex(content)) {
        return std::nullopt;
    }
    DebugIndex index;
    if (const std::uint32_t place = cursor.u32(); place != 0) {
        index.task_control_block = place;
    }
    // If this number is wrong, the ranges end before or after the content does.
    const std::uint32_t count = std::min<std::uint32_t>(cursor.u32(), kMaxRanges);
    index.ranges.reserve(std::min<std::size_t>(count, cursor.rest().size() / kRangeBytes));
    while (index.ranges.size() < count && cursor.ok()) {
        const std::uint32_t start = cursor.u32();
        const std::uint32_t end = cursor.u32();
        index.ranges.push_back({start, end, cursor.u32()});
    }
    const bool whole = cursor.ok() && cursor.at_end();
    return whole && in_order(index.ranges) ? std::optional{std::move(index)} : std::nullopt;
}

}  // namespace coredepot::decoder
