#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace coredepot::core {

/// How long a runner with PARSE_WATCH waits before it looks at the queue again. While something is
/// due that it cannot work on, for example because the sidecar is away, the pauses grow. When
/// nothing is due, they are short again.
class WatchPause {
  public:
    /// It has worked on so many core dumps since the last pause.
    void worked(std::size_t claims) {
        pause_ = claims > 0 ? kShortest : std::min(2 * pause_, kLongest);
    }
    void nothing_due() { pause_ = kShortest; }
    std::chrono::milliseconds get() const { return pause_; }

    static constexpr std::chrono::milliseconds kShortest{250};
    static constexpr std::chrono::milliseconds kLongest{5000};

  private:
    std::chrono::milliseconds pause_ = kShortest;
};

}  // namespace coredepot::core
