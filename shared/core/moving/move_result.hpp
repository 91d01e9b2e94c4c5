#pragma once

#include <cstddef>

namespace coredepot::core {

/// So many in a row are not at fault themselves: the store is away, or the disk full.
constexpr std::size_t kMostFailuresInARow = 10;

/// What a move between folder and bucket came to, in core dumps or in builds of firmware.
struct MoveResult {
    std::size_t moved = 0;
    std::size_t busy = 0;      ///< in somebody's hands, or gone meanwhile: another time
    std::size_t failed = 0;    ///< logged: no file, other bytes, or no answer
    bool is_complete = false;  ///< all were looked at: it was not told to stop, nor gave up

    std::size_t left() const { return busy + failed; }
};

}  // namespace coredepot::core
