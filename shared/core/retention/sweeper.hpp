#pragma once

#include <chrono>

#include "config.hpp"
#include "core/retention/file_retention.hpp"

namespace coredepot::core {

/// Keeps the disk from filling up beside other work: it is called as often as one likes, and looks
/// every few seconds whether files must go.
class Sweeper {
  public:
    Sweeper(const Config& config, db::Database& database, const DumpFiles& files,
            metrics::Counters& counters);

    /// Takes a second at most. Goes on at the next call where that was not enough, and stops when
    /// the program is asked to. A failure is logged, and tried again a few seconds later.
    void sweep();

  private:
    using Clock = std::chrono::steady_clock;

    db::KeptFiles rows_;
    FileRetention retention_;
    Clock::time_point next_ = Clock::time_point::min();
};

}  // namespace coredepot::core
