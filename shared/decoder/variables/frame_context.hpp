#pragma once

#include "decoder/arch/unwind.hpp"
#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// What the debug information of a variable may refer to: the physical frame it lives in, the
/// function of that frame, and the frame that called it.
struct FrameContext {
    const PhysicalFrame* frame = nullptr;
    Dwarf_Die function{};                  ///< DW_TAG_subprogram; its address is null: unknown
    const FrameContext* caller = nullptr;  ///< null: unknown

    bool has_function() const { return function.addr != nullptr; }
};

}  // namespace coredepot::decoder
