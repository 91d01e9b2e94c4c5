#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/uploads/late_rows.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {

/// Makes the rows of core dumps that were accepted while the database was away (LateRows has the
/// rules). Any number may run at once; each can be killed at any
/// moment.
class SpoolImport {
  public:
    struct Parts {
        LateRows& rows;
        const storage::DumpStore& dumps;
        const storage::Spool& spool;
        metrics::Counters& counters;
    };
    /// `stopping` is asked between core dumps.
    SpoolImport(Parts parts, std::function<bool()> stopping)
        : parts_(parts), stopping_(std::move(stopping)) {}

    /// Returns how many rows it made or found. What fails is logged and stays for the next time.
    /// Throws db::Unavailable.
    std::size_t run();

  private:
    bool bring_in(const storage::SpoolClaim& claim);
    void quarantine(const storage::SpoolClaim& claim, const std::string& reason);

    Parts parts_;
    std::function<bool()> stopping_;
};

}  // namespace coredepot::core
