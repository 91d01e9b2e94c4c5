#pragma once

#include <cstddef>
#include <cstdint>

namespace coredepot::decoder {

/// The lowest `bits` (1 to 64) of `value` as a number in two's complement.
constexpr std::int64_t sign_extended(std::uint64_t value, std::size_t bits) {
    const auto unused = 64 - bits;
    return static_cast<std::int64_t>(value << unused) >> unused;
}

}  // namespace coredepot::decoder
