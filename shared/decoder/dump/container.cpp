#include "decoder/dump/container.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/dump/base64.hpp"
#include "decoder/dump/flash_image.hpp"
#include "decoder/dump/loose_base64.hpp"
#include "decoder/dump/other_files.hpp"
#include "decoder/dump/text_encoding.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

/// Whether the bytes may be a serial log: at least the first line must be text (UTF-8, perhaps with
/// garbage from another baud rate).
bool is_text(std::span<const std::byte> bytes) {
    constexpr std::size_t kEnough = 64;
    return std::ranges::all_of(bytes.first(std::min(bytes.size(), kEnough)), [](std::byte byte) {
        const auto c = std::to_integer<unsigned>(byte);
        return (c >= 0x20 && c != 0x7F) || c == '\n' || c == '\r' || c == '\t' || c == 0x1B;
    });
}

/// Says what a dump is that is neither ELF nor text, and has no known version.
[[noreturn]] void refuse(std::span<const std::byte> bytes) {
    if (is_blank(bytes)) {
        throw Undecodable{"there is no core dump: the flash partition is blank (0xFF)"};
    }
    const bool may_be_header = bytes.size() >= kSmallestHeader &&
                               load_u32(bytes) >= kSmallestHeader &&
                               load_u32(bytes) <= kMaxDumpBytes && version_word(bytes) != 0;
    if (may_be_header && find_chip(chip_of(version_word(bytes))) != nullptr) {
        throw Undecodable{"core dump version " + hex(version_word(bytes)) + " is not supported"};
    }
    throw Undecodable{
        "this is not a core dump: neither a flash image, nor a core ELF, nor UART base64"};
}

/// The first of `dumps` that is a core dump. If none is, throws what is wrong with the last one,
/// which somebody waited for. Empty when that one is not a dump at all.
std::optional<Container> open_first(std::vector<std::vector<std::byte>>& dumps) {
    for (auto& bytes : dumps) {
        const bool last = &bytes == &dumps.back();
        try {
            if (auto container = open_image(bytes, Form::Text)) {
                // Moving the vector does not move the bytes.
                container->decoded =
                    std::make_shared<const std::vector<std::byte>>(std::move(bytes));
                return container;
            }
        } catch (const Undecodable&) {
            if (last) {
                throw;
            }
        }
    }
    return std::nullopt;
}

/// Whether a dump may start with these bytes: a known version, or a core ELF.
bool starts_dump(std::span<const std::byte> bytes) {
    return is_elf(bytes) ||
           (bytes.size() >= kSmallestHeader && find_layout(version_word(bytes)) &&
            find_chip(chip_of(version_word(bytes))) != nullptr && load_u32(bytes) <= kMaxDumpBytes);
}

Container open_text(std::string_view text) {
    std::vector<std::vector<std::byte>> readings{decode_hex(text)};
    const std::span<const std::byte> hex{readings.front()};
    if (starts_dump(hex) || (hex.size() >= kSmallestHeader && is_without_version(hex))) {
        return open_first(readings).value();
    }
    readings = decode_base64_log(text);
    std::optional<Undecodable> reason;
    try {
        if (auto container = open_first(readings)) {
            return *std::move(container);
        }
    } catch (const Undecodable& error) {
        reason = error;
    }
    auto others = decode_loose_base64(text, starts_dump);
    try {
        if (auto container = open_first(others)) {
            return *std::move(container);
        }
    } catch (const Undecodable& error) {
        reason = reason.value_or(error);
    }
    if (reason) {
        throw Undecodable{*reason};
    }
    refuse(readings.back());
}

}  // namespace

Container open_container(std::span<const std::byte> dump) {
    if (dump.size() > kMaxDumpBytes) {
        throw Undecodable{"this is not a core dump: it has " + std::to_string(dump.size()) +
                          " bytes, and none is larger than " + std::to_string(kMaxDumpBytes)};
    }
    if (dump.empty()) {
        throw Undecodable{"the core dump is empty"};
    }
    if (auto container = open_image(dump, Form::Bytes)) {
        return *std::move(container);
    }
    refuse_other_files(dump);
    const std::string log = text_of(dump);
    const bool utf16 = text_of_utf16(dump).has_value();
    if (is_blank(dump) || (!utf16 && !has_core_dump_marker(log) && !is_text(dump))) {
        refuse(dump);
    }
    return open_text(log);
}

}  // namespace coredepot::decoder
