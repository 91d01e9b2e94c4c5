#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace coredepot::decoder {

/// Registers of the exception hardware that the device notes beside the tasks, as pairs of their
/// numbers and values. The reference tool writes 0 and 1 for the first two numbers.
struct NotedRegisters {
    struct Named {
        std::uint32_t number;
        std::string_view name;  ///< as gdb calls it
    };

    std::uint32_t cause;            ///< number of the register with the cause; noted first
    std::uint32_t address;          ///< number of the one with the address; noted second
    std::span<const Named> others;  ///< in the order in which the reference tool prints them
};

}  // namespace coredepot::decoder
