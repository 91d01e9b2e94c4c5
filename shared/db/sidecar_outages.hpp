#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "db/database.hpp"

namespace coredepot::db {

/// A sidecar that did not answer when it was last asked.
struct SidecarOutage {
    int failures = 0;       ///< how often it was found away since its last answer
    bool our_turn = false;  ///< it is time to ask again, and this process should do it
};

/// The table `sidecar_outages`. `sidecar` is a name that all of its runners use for it. All throw
/// Unavailable.
class SidecarOutages {
  public:
    explicit SidecarOutages(Database& database) : database_(database) {}

    /// Empty when all is well. A process that gets the turn has it for `turn`. If the next turn is
    /// more than `longest` away, a clock was ahead when it was set, and the turn has come.
    std::optional<SidecarOutage> find(const std::string& sidecar, std::chrono::seconds turn,
                                      std::chrono::seconds longest);

    /// Starts an outage or extends it: nobody asks before `pause` is over.
    void record(const std::string& sidecar, std::chrono::seconds pause);
    /// The process that had the turn had nothing to ask.
    void pass_turn(const std::string& sidecar);
    /// The sidecar answered.
    void end(const std::string& sidecar);

  private:
    Database& database_;
};

}  // namespace coredepot::db
