#pragma once

#include <cstdint>
#include <string_view>

namespace coredepot::decoder {

/// The cause of an exception: one of the CPU's numbers, or of ESP-IDF's panic handler.
struct ExceptionCause {
    std::uint32_t cause;
    std::string_view name;  ///< as in the reference tool
    /// What happened, in the same words for all CPUs (report/kind_names.hpp).
    std::string_view kind;
    std::string_view meaning = {};  ///< for people; empty: the name says it all
    bool has_address = false;       ///< the address register holds an address of memory
};

/// Most exceptions of the CPU's debug hardware come from CONFIG_FREERTOS_WATCHPOINT_END_OF_STACK.
constexpr std::string_view kDebugMeaning =
    "a breakpoint or a watchpoint, such as the one that ESP-IDF can put at the end of a task's "
    "stack";

}  // namespace coredepot::decoder
