#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Where to look in an ELF's debug information. It is made by a walk over all compilation units, of
/// which a real application has 300 to 3 000.
///
/// It only holds places. What is there is read from the ELF and checked every time. So a wrong
/// index can make lines of a backtrace go missing, but cannot invent any.
struct DebugIndex {
    /// A unit's code. Offsets are those of DIEs in `.debug_info`, which has less than 4 GB.
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

/// The most ranges of code in one ELF. Each unit has about ten.
constexpr std::size_t kMaxRanges = 1'000'000;

/// Walks over `dwarf`, the debug information of `elf`; null: there is none. Throws Undecodable.
DebugIndex build_index(Dwarf* dwarf, const ApplicationElf& elf, const Deadline& deadline);

}  // namespace coredepot::decoder
