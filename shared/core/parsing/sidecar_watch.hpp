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

/// Keeps a sidecar that is away from costing each core dump its attempts: one dump finds out, the
/// others are left alone until it was asked again, with one dump, after a pause that grows.
///
/// It is away when no connection can be made, which no core dump can cause, or when it gives no
/// answer to two different core dumps in a row: one alone may be what kills it.
class SidecarWatch {
  public:
    /// `sidecar`: any name that all its runners know it by. `pauses`: after it was found away the
    /// first time, the second, …; the last one from then on.
    SidecarWatch(db::SidecarOutages& outages, std::string sidecar,
                 std::vector<std::chrono::seconds> pauses)
        : outages_(outages), sidecar_(std::move(sidecar)), pauses_(std::move(pauses)) {}

    /// Before a run: false when it is away and it is not for us to ask again. Throws, as the rest,
    /// db::Unavailable.
    bool begin();
    /// After a run.
    void end();

    /// How many core dumps it may be asked about at once, of `wanted`.
    std::size_t at_once(std::size_t wanted) const;

    void answered(std::int64_t coredump_id, const sidecar::Answer& answer);

  private:
    void found_away(const std::string& error);

    db::SidecarOutages& outages_;
    std::string sidecar_;
    std::vector<std::chrono::seconds> pauses_;
    int failures_ = 0;       ///< how often it was found away; 0: it is not, as far as we know
    bool away_ = false;      ///< found so during this run
    bool our_turn_ = false;  ///< to find out whether it is back
    std::optional<std::int64_t> unanswered_;  ///< the core dump of the last question, if it is one
};

}  // namespace coredepot::core
