#pragma once

#include <cstddef>
#include <string_view>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/dwarf/frame_table.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The sources for a walk over stacks. All must outlive the unwinder.
struct StackSources {
    const ApplicationElf& elf;
    const SymbolTable& symbols;
    const FrameTables& frames;
    const Memory& memory;
    std::string_view chip;  ///< its name; empty if unknown
    const Deadline& deadline;
};

/// Walks the stacks of one core dump.
class StackUnwinder {
  public:
    StackUnwinder() = default;
    StackUnwinder(const StackUnwinder&) = delete;
    StackUnwinder& operator=(const StackUnwinder&) = delete;
    virtual ~StackUnwinder() = default;

    /// The frames of the task with these registers. Stops after `max_depth` frames.
    virtual Walk unwind(const CpuState& cpu, std::size_t max_depth) = 0;
};

}  // namespace coredepot::decoder
