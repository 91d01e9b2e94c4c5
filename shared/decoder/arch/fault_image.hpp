#pragma once

#include <cstdint>
#include <optional>

#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// What the CPU reported about a fault.
struct FaultImage {
    std::uint32_t cause = 0;    ///< as Exception::cause
    std::uint32_t address = 0;  ///< as Exception::address
};

/// Reads a fault's cause and address from where they were saved. Empty when `memory` lacks either.
inline std::optional<FaultImage> saved_fault(const Memory& memory, std::uint32_t cause_at,
                                             std::uint32_t address_at) {
    const auto cause = memory.u32(cause_at);
    const auto address = memory.u32(address_at);
    return cause && address ? std::optional{FaultImage{*cause, *address}} : std::nullopt;
}

}  // namespace coredepot::decoder
