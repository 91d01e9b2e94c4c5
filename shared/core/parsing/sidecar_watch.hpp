#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/sidecar_outages.hpp"
#include "sidecar/client.hpp"

namespace coredepot::core {

/// When a sidecar is away, core dumps should not use up their attempts. So one of them finds out,
/// and the others wait until the sidecar was asked again with a single core dump, after a pause
/// that grows.
///
/// It is away when no connection can be made, which no core dump can cause, or when two different
/// core dumps in a row get no answer. A single one may be what kills it.
class SidecarWatch {
  public:
    /// `sidecar`: a name that all of its runners use. `pauses`: after it was found away once,
    /// twice, and so on; the last one repeats.
    SidecarWatch(db::SidecarOutages& outages, std::string sidecar,
                 std::vector<std::chrono::seconds> pauses)
        : outages_(outages), sidecar_(std::move(sidecar)), pauses_(std::move(pauses)) {}

    /// Call it before a run: false when the sidecar is away and it is not our turn to ask. Like the
    /// others, throws db::Unavailable.
    bool begin();
    /// Call it after a run.
    void end();

    /// How many of `wanted` core dumps the sidecar may be asked about at once.
    std::size_t at_once(std::size_t wanted) const;

    void answered(std::int64_t coredump_id, const sidecar::Answer& answer);

  private:
    void found_away(const std::string& error);

    db::SidecarOutages& outages_;
    std::string sidecar_;
    std::vector<std::chrono::seconds> pauses_;
    int failures_ = 0;       ///< how often it was found away; 0: as far as we know, it is not
    bool away_ = false;      ///< found away during this run
    bool our_turn_ = false;  ///< to find out whether it is back
    /// The core dump of the last question, if that had no answer.
    std::optional<std::int64_t> unanswered_;
};

}  // namespace coredepot::core
