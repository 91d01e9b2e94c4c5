#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// Registers of the exception hardware that the device notes in addition to the tasks, as pairs of
/// number and value. The reference tool writes 0 and 1 as the first two numbers.
struct NotedRegisters {
    struct Named {
        std::uint32_t number;
        std::string_view name;  ///< in gdb
    };

    std::uint32_t cause;    ///< the number of the register with the cause, which is noted first
    std::uint32_t address;  ///< the number of the register with the address, which is noted second
    std::span<const Named> others;  ///< in the reference tool's order
};

}  // namespace coredepot::decoder
