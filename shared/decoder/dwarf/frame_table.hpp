#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decoder/dwarf/frame_rules.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The entries (FDEs) of a `.debug_frame` or `.eh_frame` section, found by address.
///
/// libdw can read these sections as well. But 20 bytes of a hostile ELF make it allocate 2 GiB,
/// because it makes room for the highest register number in them. Unwinding ESP32 code needs
/// little, so this class can do it within bounds.
class FrameTable {
  public:
    enum class Format { DebugFrame, EhFrame };

    /// `section` must outlive the table; its address matters for `.eh_frame` only.
    FrameTable(Segment section, Format format);

    struct Match {
        FrameRules rules;
        std::uint32_t return_register = 0;
    };
    /// The rules for the instruction at `address`; empty when there is no usable entry.
    std::optional<Match> find(std::uint32_t address) const;

    /// Its size in memory, in bytes.
    std::size_t memory() const {
        return commons_.capacity() * (sizeof(FrameCommon) + sizeof(std::size_t)) +
               entries_.capacity() * sizeof(Entry);
    }

  private:
    struct Entry {
        std::uint32_t start, end;
        std::size_t common;  ///< index into commons_
        std::span<const std::byte> program;
    };

    void add_entry(std::size_t offset, std::size_t common, std::span<const std::byte> body);
    std::optional<std::size_t> common_at(std::size_t offset);

    Segment section_;
    std::vector<FrameCommon> commons_;
    std::vector<std::size_t> common_offsets_;  // of commons_, ascending
    std::vector<Entry> entries_;               // sorted by start
};

/// The call frame information (DWARF CFI) of an application: for each address, where its function
/// keeps the registers of its caller.
class FrameTables {
  public:
    /// Makes empty tables.
    FrameTables() = default;
    /// `elf` must outlive the tables, and libdw must have unpacked its sections.
    explicit FrameTables(const ApplicationElf& elf)
        : debug_frame_{elf.section(".debug_frame"), FrameTable::Format::DebugFrame},
          eh_frame_{elf.section(".eh_frame"), FrameTable::Format::EhFrame} {}

    /// Searches both tables, like FrameTable::find().
    std::optional<FrameTable::Match> find(std::uint32_t address) const {
        auto match = debug_frame_.find(address);
        return match ? match : eh_frame_.find(address);
    }

    /// Their size in memory, in bytes.
    std::size_t memory() const { return debug_frame_.memory() + eh_frame_.memory(); }

  private:
    FrameTable debug_frame_{{}, FrameTable::Format::DebugFrame};
    FrameTable eh_frame_{{}, FrameTable::Format::EhFrame};  // for code with exceptions
};

}  // namespace coredepot::decoder
