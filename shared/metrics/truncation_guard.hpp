#pragma once

#include <cstddef>

namespace coredepot::metrics {

/// While it lives, the mapped memory of `length` bytes at `start` (a page's beginning) outlasts its
/// file. Otherwise touching it kills the process (SIGBUS) once somebody has shortened the file: for
/// the want of a counter, an upload would be lost. Afterwards the memory is of this process alone,
/// and zero. Guards one region; of several, the newest.
class TruncationGuard {
  public:
    TruncationGuard(void* start, std::size_t length);
    ~TruncationGuard();
    TruncationGuard(const TruncationGuard&) = delete;
    TruncationGuard& operator=(const TruncationGuard&) = delete;

    /// Whether the memory is this process' alone by now.
    bool has_replaced() const;

  private:
    void* start_;
};

}  // namespace coredepot::metrics
