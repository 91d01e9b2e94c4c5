#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decoder/dwarf/frame_rules.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The entries (FDEs) of a `.debug_frame` or `.eh_frame` section, found by address.
///
/// libdw can read these sections as well; but 20 bytes of a hostile ELF make it allocate 2 GiB (it
/// makes room for the highest register number that is named). What unwinding ESP32 code takes is
/// little enough to have it bounded here.
class FrameTable {
  public:
    enum class Format { DebugFrame, EhFrame };

    /// `section` must outlive the table; its address matters for `.eh_frame` only.
    FrameTable(Segment section, Format format);

    struct Match {
        FrameRules rules;
        std::uint32_t return_register = 0;
    };
    /// The rules for the instruction at `address`; empty: no (usable) entry.
    std::optional<Match> find(std::uint32_t address) const;

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
    std::vector<Entry> entries_;               // by start
};

}  // namespace coredepot::decoder
