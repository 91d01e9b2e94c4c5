#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// What the fuzz targets have in common.
namespace coredepot::fuzz {

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// What must hold for every input; the fuzzer takes the abort for a find.
inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace coredepot::fuzz
