#pragma once

#include <cstddef>

namespace coredepot::core {

/// After that many failures in a row, the cause must be the store or the disk, so the move gives
/// up.
constexpr std::size_t kMostFailuresInARow = 10;

/// The result of a move between folder and bucket, counted in core dumps or in builds of firmware.
struct MoveResult {
    std::size_t moved = 0;
    std::size_t busy = 0;      ///< in use, or gone: another run will see
    std::size_t failed = 0;    ///< logged: no file, other bytes, or no answer
    bool is_complete = false;  ///< all were considered: it was not stopped and did not give up

    std::size_t left() const { return busy + failed; }
};

}  // namespace coredepot::core
