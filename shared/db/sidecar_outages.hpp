#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "db/database.hpp"

namespace coredepot::db {

/// A sidecar that did not answer when it was last asked.
struct SidecarOutage {
    int failures = 0;       ///< how often it was found away since it last answered
    bool our_turn = false;  ///< it is time to ask again, and nobody else does: we are to
};

/// The table `sidecar_outages`; `sidecar` is any name that all its runners know it by. All throw
/// Unavailable.
class SidecarOutages {
  public:
    explicit SidecarOutages(Database& database) : database_(database) {}

    /// Empty when all is well. Whose turn it is has it for `turn`. A turn that is further ahead
    /// than `longest` was set by a clock that was ahead, and has come.
    std::optional<SidecarOutage> find(const std::string& sidecar, std::chrono::seconds turn,
                                      std::chrono::seconds longest);

    /// Begins an outage, or makes it longer: nobody asks before `pause` is over.
    void record(const std::string& sidecar, std::chrono::seconds pause);
    /// Whose turn it was had nothing to ask.
    void pass_turn(const std::string& sidecar);
    /// It answered.
    void end(const std::string& sidecar);

  private:
    Database& database_;
};

}  // namespace coredepot::db
