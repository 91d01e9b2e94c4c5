#include "decoder/dwarf/frame_table.hpp"

#include <algorithm>
#include <string_view>

#include <dwarf.h>

#include "decoder/bytes/cursor.hpp"

namespace coredepot::decoder {
namespace {

/// The id that makes an entry a CIE: all ones in .debug_frame, zero in .eh_frame.
constexpr std::uint32_t kDebugFrameCommon = 0xFFFFFFFF;
constexpr std::uint32_t kEhFrameCommon = 0;

/// Reads a pointer that lies at `address`. `encoding` is its format (Linux Standard Base, DWARF
/// exception header encoding). Formats that 32-bit code does not use give 0, which is no address of
/// code.
std::uint32_t read_pointer(Cursor& cursor, std::uint8_t encoding, std::uint32_t address) {
    constexpr std::uint32_t kFormat = 0x0F;
    constexpr std::uint32_t kApplication = 0x70;
    std::uint32_t value = 0;
    switch (encoding & kFormat) {
        case DW_EH_PE_absptr:
        case DW_EH_PE_udata4:
        case DW_EH_PE_sdata4:
            value = cursor.u32();
            break;
        case DW_EH_PE_udata2:
            value = cursor.u16();
            break;
        case DW_EH_PE_sdata2:
            value = static_cast<std::uint32_t>(static_cast<std::int16_t>(cursor.u16()));
            break;
        case DW_EH_PE_uleb128:
            value = cursor.uleb();
            break;
        case DW_EH_PE_sleb128:
            value = static_cast<std::uint32_t>(cursor.sleb());
            break;
        default:
            cursor.take(8);
            return 0;
    }
    switch (encoding & kApplication) {
        case 0:
            return value;
        case DW_EH_PE_pcrel:
            return value + address;
        default:
            return 0;
    }
}

/// Reads a CIE from its bytes after the length and the ID. Empty when it is malformed.
std::optional<FrameCommon> read_common(std::span<const std::byte> body) {
    Cursor cursor{body};
    FrameCommon common;
    const std::uint8_t version = cursor.u8();
    const std::string_view augmentation = cursor.text();
    if (version >= 4) {
        cursor.take(2);  // sizes of addresses and segment selectors
    }
    common.code_alignment = cursor.uleb();
    common.data_alignment = cursor.sleb();
    common.return_register = version == 1 ? cursor.u8() : cursor.uleb();
    common.augmented = augmentation.starts_with('z');
    if (common.augmented) {
        Cursor data{cursor.take(cursor.uleb())};
        for (const char letter : augmentation.substr(1)) {
            if (letter == 'R') {
                common.pointer_encoding = data.u8();
            } else if (letter == 'P') {
                const std::uint8_t encoding = data.u8();
                read_pointer(data, encoding, 0);
            } else if (letter == 'L') {
                data.u8();
            }
        }
    } else if (!augmentation.empty()) {
        return std::nullopt;
    }
    common.program = body.subspan(cursor.offset());
    return cursor.ok() ? std::optional{common} : std::nullopt;
}

}  // namespace

FrameTable::FrameTable(Segment section, Format format) : section_{section} {
    const bool eh = format == Format::EhFrame;
    Cursor cursor{section.bytes};
    while (!cursor.at_end()) {
        const std::size_t entry = cursor.offset();
        const std::uint32_t length = cursor.u32();
        const std::size_t start = cursor.offset();
        const auto body = cursor.take(length);  // also stops at 64-bit DWARF, which no ESP32 has
        if (body.size() < 4) {
            continue;  // the terminator of .eh_frame; the linker leaves several
        }
        const std::uint32_t id = Cursor{body}.u32();
        if (id == (eh ? kEhFrameCommon : kDebugFrameCommon)) {
            if (const auto common = read_common(body.subspan(4))) {
                commons_.push_back(*common);
                common_offsets_.push_back(entry);
            }
        } else if (const auto common = common_at(eh ? start - id : id)) {
            add_entry(start, *common, body);
        }
    }
    std::ranges::sort(entries_, {}, &Entry::start);
}

/// An entry refers to its CIE by the CIE's offset. The CIE comes before the entry and is mostly the
/// last one.
std::optional<std::size_t> FrameTable::common_at(std::size_t offset) {
    if (!common_offsets_.empty() && common_offsets_.back() == offset) {
        return common_offsets_.size() - 1;
    }
    const auto found = std::ranges::lower_bound(common_offsets_, offset);
    if (found == common_offsets_.end() || *found != offset) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - common_offsets_.begin());
}

void FrameTable::add_entry(std::size_t offset, std::size_t common,
                           std::span<const std::byte> body) {
    const FrameCommon& shared = commons_[common];
    Cursor cursor{body};
    cursor.take(4);  // the reference to the CIE
    const auto here = section_.start + static_cast<std::uint32_t>(offset + cursor.offset());
    const std::uint32_t start = read_pointer(cursor, shared.pointer_encoding, here);
    // A length has the format of an address, but it is not relative to anything.
    const std::uint32_t size = read_pointer(cursor, shared.pointer_encoding & 0x0FU, 0);
    if (shared.augmented) {
        cursor.take(cursor.uleb());
    }
    // Functions that the linker dropped still have their entries, moved to address 0.
    if (cursor.ok() && start != 0 && size != 0 && start + size > start) {
        entries_.push_back({start, start + size, common, body.subspan(cursor.offset())});
    }
}

std::optional<FrameTable::Match> FrameTable::find(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(entries_, address, {}, &Entry::start);
    if (after == entries_.begin() || std::prev(after)->end <= address) {
        return std::nullopt;
    }
    const Entry& entry = *std::prev(after);
    const FrameCommon& common = commons_[entry.common];
    const auto rules = run_frame_program(common, entry.program, entry.start, address);
    return rules ? std::optional{Match{*rules, common.return_register}} : std::nullopt;
}

}  // namespace coredepot::decoder
