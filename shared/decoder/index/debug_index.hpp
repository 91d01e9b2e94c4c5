#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Where to look in the debug information of one ELF, found by a walk over all of its compilation
/// units; a real application has 300 to 3 000.
///
/// It holds places only. What is there is read from the ELF, and checked, every time: an index that
/// is wrong can make lines of a backtrace go missing, but it cannot make any up.
struct DebugIndex {
    /// Code of a unit. Offsets are those of DIEs in `.debug_info`, which has less than 4 GB.
    struct Range {
        std::uint32_t start, end;
        std::uint32_t unit;

        bool operator==(const Range&) const = default;
    };
    std::vector<Range> ranges;  ///< by start
    /// The definition of FreeRTOS' `struct tskTaskControlBlock`.
    std::optional<std::uint32_t> task_control_block;

    bool operator==(const DebugIndex&) const = default;
};

/// Ranges of code in one ELF: each unit has some ten of them.
constexpr std::size_t kMaxRanges = 1'000'000;

/// Walks over `dwarf`, the debug information of `elf`; null: it has none. Throws Undecodable.
DebugIndex build_index(Dwarf* dwarf, const ApplicationElf& elf, const Deadline& deadline);

}  // namespace coredepot::decoder
