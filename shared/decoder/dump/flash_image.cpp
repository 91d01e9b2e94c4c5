#include "decoder/dump/flash_image.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "decoder/bytes/crc32.hpp"
#include "decoder/bytes/cursor.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/limits/undecodable.hpp"
#include "sha256.hpp"
#include "text/hex.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::uint32_t kErasedFlash = 0xFFFFFFFF;
/// From this version on, the header does not count tasks and segments.
constexpr std::uint16_t kFirstWithoutCounts = 0x104;
constexpr std::size_t kCountBytes = 12;
constexpr std::uint32_t kCrcBytes = 4;
constexpr std::uint32_t kShaBytes = 32;

constexpr std::array kLayouts = {
    VersionLayout{0x001, Container::Payload::Bin, 16, kCrcBytes},
    VersionLayout{0x002, Container::Payload::Bin, 20, kCrcBytes},
    VersionLayout{0x003, Container::Payload::Bin, 24, kCrcBytes},
    VersionLayout{0x100, Container::Payload::Elf, 20, kCrcBytes},
    VersionLayout{0x101, Container::Payload::Elf, 20, kShaBytes},
    VersionLayout{0x102, Container::Payload::Elf, 24, kCrcBytes},
    VersionLayout{0x103, Container::Payload::Elf, 24, kShaBytes},
    VersionLayout{0x104, Container::Payload::Elf, 12, kShaBytes},
};

std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The checksum at the end of `image`, and the one of its other bytes, both as text for people.
struct Checksum {
    std::string stored, computed;
};

Checksum checksum(std::span<const std::byte> image, const VersionLayout& layout) {
    const auto covered = image.first(image.size() - layout.checksum_bytes);
    const auto stored = image.last(layout.checksum_bytes);
    if (layout.checksum_bytes == kCrcBytes) {
        return {hex_address(load_u32(stored)), hex_address(crc32(covered))};
    }
    return {to_hex(as_text(stored)), sha256_hex(as_text(covered))};
}

/// When the task watchdog panics, ESP-IDF 5.2 and later write four bytes more than they count
/// (elf_add_wdt_panic_details()). On a serial port, the dump is then four bytes longer. In flash,
/// which is filled up to a multiple of 32, it is 32 bytes longer one time in eight.
constexpr std::array<std::size_t, 3> kUncountedBytes = {0, 4, 32};

/// The dump at the start of `bytes`; by its header it has `length` bytes.
std::span<const std::byte> checked_image(std::span<const std::byte> bytes, std::size_t length,
                                         const VersionLayout& layout) {
    for (const std::size_t uncounted : kUncountedBytes) {
        if (length + uncounted <= bytes.size()) {
            const auto image = bytes.first(length + uncounted);
            const auto [stored, computed] = checksum(image, layout);
            if (stored == computed) {
                return image;
            }
        }
    }
    const auto [stored, computed] = checksum(bytes.first(length), layout);
    throw Undecodable{"the checksum of the core dump does not match: it says " + stored +
                      ", its bytes make " + computed +
                      "; it was damaged in flash or on its way here"};
}

/// Whether `image`, after `header_bytes`, consists of a count of tasks, the size of a TCB, and that
/// many tasks, and ends there.
bool is_all_tasks(std::span<const std::byte> image, std::size_t header_bytes) {
    Cursor cursor{image};
    const auto skip_padded = [&](std::size_t bytes) {
        cursor.take(bytes);
        const std::size_t padding = (0 - cursor.offset()) % 4;
        cursor.take(std::min(padding, cursor.rest().size()));
    };
    cursor.take(header_bytes);
    const std::uint32_t count = cursor.u32();
    const std::uint32_t tcb_size = cursor.u32();
    for (std::uint32_t i = 0; i < count && cursor.ok(); ++i) {
        cursor.take(4);  // address of the TCB
        const std::uint32_t top = cursor.u32();
        const std::uint32_t end = cursor.u32();
        skip_padded(tcb_size);
        skip_padded(std::max(top, end) - std::min(top, end));
    }
    return count > 0 && cursor.ok() && cursor.at_end();
}

/// ESP-IDF 3.2 to 4.0 send dumps without a checksum over a serial port.
bool has_no_checksum(std::span<const std::byte> image, const VersionLayout& layout) {
    return layout.version == 0x001 && is_all_tasks(image, kVersionOffset + 4);
}

/// `bytes` must start with a version word that `layout` describes.
Container read_header(std::span<const std::byte> bytes, const VersionLayout& layout, Form form) {
    Container container;
    container.payload = layout.payload;
    container.chip = find_chip(chip_of(version_word(bytes)));
    if (container.chip == nullptr) {
        throw Undecodable{"the core dump is from an unknown chip: chip id " +
                          std::to_string(chip_of(version_word(bytes))) + " in version word " +
                          hex(version_word(bytes))};
    }
    const std::uint32_t length = load_u32(bytes);
    if (length > bytes.size()) {
        throw Undecodable{"the core dump is truncated: its header says " + std::to_string(length) +
                          " bytes and " + std::to_string(bytes.size()) + " are there"};
    }
    if (length < layout.header_bytes + layout.checksum_bytes) {
        throw Undecodable{"the core dump is damaged: its header says " + std::to_string(length) +
                          " bytes, less than header and checksum take"};
    }
    const bool unchecked = form == Form::Text && has_no_checksum(bytes.first(length), layout);
    const auto image = unchecked ? bytes.first(length) : checked_image(bytes, length, layout);
    const std::size_t checksum_bytes = unchecked ? 0 : layout.checksum_bytes;

    ByteReader header{image.first(layout.header_bytes), "the header"};
    header.skip(kVersionOffset + 4);
    if (layout.payload == Container::Payload::Bin) {
        container.task_count = header.u32();
        container.tcb_size = header.u32();
        container.segment_count = header.remaining() >= 4 ? header.u32() : 0;
    } else if (layout.version < kFirstWithoutCounts) {
        header.skip(kCountBytes);
    }
    if (header.remaining() >= 4) {
        container.chip_revision = header.u32();
    }
    container.body =
        image.subspan(layout.header_bytes, image.size() - layout.header_bytes - checksum_bytes);
    return container;
}

}  // namespace

std::optional<VersionLayout> find_layout(std::uint32_t version_word) {
    const auto* const found = std::ranges::find(kLayouts, static_cast<std::uint16_t>(version_word),
                                                &VersionLayout::version);
    return found == kLayouts.end() ? std::nullopt : std::optional{*found};
}

bool is_elf(std::span<const std::byte> bytes) {
    constexpr std::array kMagic = {std::byte{0x7F}, std::byte{'E'}, std::byte{'L'}, std::byte{'F'}};
    return bytes.size() >= kMagic.size() && std::ranges::equal(bytes.first(kMagic.size()), kMagic);
}

bool is_blank(std::span<const std::byte> bytes) {
    return bytes.size() >= 4 && load_u32(bytes) == kErasedFlash;
}

bool is_without_version(std::span<const std::byte> bytes) {
    constexpr std::uint32_t kMagic = 0xE32C04ED;
    const std::uint32_t length = load_u32(bytes);
    return length == kMagic ||
           (length <= bytes.size() && is_all_tasks(bytes.first(length), kVersionOffset));
}

std::optional<Container> open_image(std::span<const std::byte> bytes, Form form) {
    if (is_elf(bytes)) {
        Container container;
        container.body = bytes;
        return container;
    }
    if (bytes.size() < kSmallestHeader || is_blank(bytes)) {
        return std::nullopt;
    }
    if (is_without_version(bytes)) {
        throw Undecodable{
            "the core dump is of ESP-IDF before 3.2, whose format does not name its version; it is "
            "not supported"};
    }
    const auto layout = find_layout(version_word(bytes));
    return layout ? std::optional{read_header(bytes, *layout, form)} : std::nullopt;
}

}  // namespace coredepot::decoder
