#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "decoder/arch/unwind.hpp"
#include "decoder/dwarf/call_site.hpp"
#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// What a variable's debug information may refer to: the physical frame that it lives in, the
/// function of that frame, and the frame that called it.
struct FrameContext {
    const PhysicalFrame* frame = nullptr;
    Dwarf_Die function{};                  ///< DW_TAG_subprogram; unknown if its address is null
    const FrameContext* caller = nullptr;  ///< null: unknown
    /// The values of registers when the function was called; only those that were asked for.
    mutable std::map<std::size_t, std::optional<std::uint32_t>> entry_registers{};
    /// The call in the caller that certainly called the function, if there is one. Empty: not
    /// looked up yet.
    mutable std::optional<std::optional<CallSite>> call{};

    bool has_function() const { return function.addr != nullptr; }
};

}  // namespace coredepot::decoder
