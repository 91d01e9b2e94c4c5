#pragma once

#include <cstdint>
#include <string>

namespace coredepot::decoder {

/// A CPU register as a debugger shows it.
struct Register {
    std::string name;
    std::uint32_t value = 0;
    std::string symbol;  ///< `panic_abort+21` if the value is an address of code; else empty
};

}  // namespace coredepot::decoder
