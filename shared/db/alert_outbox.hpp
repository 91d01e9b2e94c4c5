#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "domain/alert.hpp"

namespace coredepot::db {

/// The queue of messages for the runner (sql/deploy/alert_delivery.sql). All throw Unavailable.
class AlertOutbox {
  public:
    explicit AlertOutbox(Database& database) : database_(database) {}

    /// Takes the next message that is due and leases its target for that long. People look at
    /// issues below `base_url`.
    std::optional<AlertClaim> claim(std::chrono::seconds lease,
                                    const std::optional<std::string>& base_url);
    /// False when the lease is lost; then nothing was recorded.
    bool record(const AlertClaim& claim, const AlertAttempt& attempt);
    /// The time until something is due; empty when nothing waits.
    std::optional<std::chrono::milliseconds> next_in();
    /// Whether something has just happened that somebody wants to know.
    bool has_news();

    /// Limits for a spike in an issue's hour, and the hour of the daily digest.
    struct Watch {
        std::int64_t spike_occurrences;
        std::int64_t spike_devices;
        int digest_hour;  ///< UTC
    };
    /// Finds spikes and digests that are due, which no event announces, and removes what is old.
    void look_around(const Watch& watch);

  private:
    Database& database_;
};

}  // namespace coredepot::db
