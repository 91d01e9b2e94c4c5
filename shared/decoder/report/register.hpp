#pragma once

#include <cstdint>
#include <string>

namespace coredepot::decoder {

/// A register of the CPU as a debugger shows it.
struct Register {
    std::string name;
    std::uint32_t value = 0;
    std::string symbol;  ///< `panic_abort+21` where the value is an address of code; else empty
};

}  // namespace coredepot::decoder
