#pragma once

#include <cstdint>
#include <optional>

#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"
#include "decoder/unit_index.hpp"

namespace coredepot::decoder {

/// Byte offsets of the members of FreeRTOS' task control block. They depend on the version and the
/// configuration of the firmware, and so come from its debug information. The defaults, for an ELF
/// without, are those of ESP-IDF 5 as configured out of the box.
struct TcbLayout {
    std::uint32_t top_of_stack = 0;                   ///< pxTopOfStack
    std::uint32_t priority = 44;                      ///< uxPriority
    std::uint32_t stack = 48;                         ///< pxStack
    std::uint32_t name = 52;                          ///< pcTaskName
    std::uint32_t name_bytes = 16;                    ///< configMAX_TASK_NAME_LEN
    std::optional<std::uint32_t> end_of_stack = 72;   ///< pxEndOfStack; configurable
    std::optional<std::uint32_t> base_priority = 76;  ///< uxBasePriority; configurable
    std::optional<std::uint32_t> core;                ///< xCoreID; of multi-core FreeRTOS
};

/// Reads the layout of `struct tskTaskControlBlock` from the unit that defines it, FreeRTOS'
/// tasks.c; the defaults when there is none.
TcbLayout find_tcb_layout(UnitIndex& units, const Deadline& deadline);

}  // namespace coredepot::decoder
