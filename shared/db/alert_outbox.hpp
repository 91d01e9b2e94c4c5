#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "domain/alert.hpp"

namespace coredepot::db {

/// What is to be told, as the runner works it off (sql/deploy/alert_delivery.sql). All throw
/// Unavailable.
class AlertOutbox {
  public:
    explicit AlertOutbox(Database& database) : database_(database) {}

    /// The next message that is due; its target is ours for so long. `base_url`: below it people
    /// look at issues.
    std::optional<AlertClaim> claim(std::chrono::seconds lease,
                                    const std::optional<std::string>& base_url);
    /// False: the lease is lost, and nothing was recorded.
    bool record(const AlertClaim& claim, const AlertAttempt& attempt);
    /// Until something is due; empty: nothing waits.
    std::optional<std::chrono::milliseconds> next_in();
    /// Whether anything happened just now that somebody is to be told of.
    bool has_news();

    /// When an issue's hour is a spike, and when the day's digest is written.
    struct Watch {
        std::int64_t spike_occurrences;
        std::int64_t spike_devices;
        int digest_hour;  ///< UTC
    };
    /// Finds what only a look from time to time finds, and takes away what is old.
    void look_around(const Watch& watch);

  private:
    Database& database_;
};

}  // namespace coredepot::db
