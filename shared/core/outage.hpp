#pragma once

#include <algorithm>
#include <chrono>

namespace coredepot::core {

/// Remembers that the database or the object store did not answer. In some outages each attempt
/// takes seconds (a network that swallows packets, a server that hangs), and uploads should not all
/// wait that long. An outage that is noticed at once (connection refused) is also forgotten
/// quickly. (SidecarWatch does the same for sidecars, through the database.)
class Outage {
  public:
    using Clock = std::chrono::steady_clock;

    void observed(Clock::time_point asked, Clock::time_point failed) {
        until_ = failed + std::min<Clock::duration>(4 * (failed - asked), kLongest);
    }
    bool lasts(Clock::time_point now) const { return now < until_; }

    /// After that it is asked again in any case. It is twice as long as an attempt takes.
    static constexpr std::chrono::seconds kLongest{10};

  private:
    Clock::time_point until_{};
};

}  // namespace coredepot::core
