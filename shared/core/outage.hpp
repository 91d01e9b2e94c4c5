#pragma once

#include <algorithm>
#include <chrono>

namespace coredepot::core {

/// Remembers that the database, or the object store, did not answer, so that an outage in which
/// each attempt takes seconds (a network that swallows packets, a server that stands still) does
/// not hold up every upload for as long. One that is told at once (connection refused) is forgotten
/// as fast.
class Outage {
  public:
    using Clock = std::chrono::steady_clock;

    void observed(Clock::time_point asked, Clock::time_point failed) {
        until_ = failed + std::min<Clock::duration>(4 * (failed - asked), kLongest);
    }
    bool lasts(Clock::time_point now) const { return now < until_; }

    /// After which it is asked again whatever happened: twice what an attempt takes.
    static constexpr std::chrono::seconds kLongest{10};

  private:
    Clock::time_point until_{};
};

}  // namespace coredepot::core
