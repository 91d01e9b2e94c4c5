#pragma once

#include <cstdint>
#include <optional>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Offsets in bytes of members in FreeRTOS' task control block. They depend on the firmware's
/// version and configuration, so we take them from its debug information. The defaults, for an ELF
/// without it, are those of ESP-IDF 5 without changes to its configuration.
struct TcbLayout {
    std::uint32_t top_of_stack = 0;                   ///< pxTopOfStack
    std::uint32_t priority = 44;                      ///< uxPriority
    std::uint32_t stack = 48;                         ///< pxStack
    std::uint32_t name = 52;                          ///< pcTaskName
    std::uint32_t name_bytes = 16;                    ///< configMAX_TASK_NAME_LEN
    std::optional<std::uint32_t> end_of_stack = 72;   ///< pxEndOfStack; configurable
    std::optional<std::uint32_t> base_priority = 76;  ///< uxBasePriority; configurable
    std::optional<std::uint32_t> core;                ///< xCoreID; only in multi-core FreeRTOS
    bool assumed = true;  ///< there was no debug information, so the firmware's may differ
};

/// Where `unit` defines `struct tskTaskControlBlock`, as an offset in `.debug_info`; empty when it
/// does not. FreeRTOS' tasks.c does.
std::optional<std::uint32_t> find_task_control_block(Dwarf_Die unit, const Deadline& deadline);

/// The layout of the structure at `place`; the defaults when there is no such structure.
TcbLayout read_tcb_layout(Dwarf* dwarf, std::optional<std::uint32_t> place,
                          const Deadline& deadline);

}  // namespace coredepot::decoder
