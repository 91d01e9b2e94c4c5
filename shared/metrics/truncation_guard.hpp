#pragma once

#include <cstddef>

namespace coredepot::metrics {

/// While it lives, the mapped memory of `length` bytes at `start` (the start of a page) survives
/// even if its file is shortened. Otherwise the next access would kill the process (SIGBUS), and an
/// upload would be lost for the sake of a counter. After that, the memory belongs to this process
/// alone and is zero. It guards one region; a newer guard replaces an older one.
class TruncationGuard {
  public:
    TruncationGuard(void* start, std::size_t length);
    ~TruncationGuard();
    TruncationGuard(const TruncationGuard&) = delete;
    TruncationGuard& operator=(const TruncationGuard&) = delete;

    /// Whether the memory now belongs to this process alone.
    bool has_replaced() const;

  private:
    void* start_;
};

}  // namespace coredepot::metrics
