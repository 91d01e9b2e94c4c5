#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <variant>

#include "core/uploads/late_rows.hpp"
#include "core/uploads/object_spool.hpp"
#include "db/spool_claims.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {

/// Makes the rows of core dumps that were accepted while the database, or the object store, was
/// away (LateRows has the rules). Any number may run at once; each can be killed at any moment.
class SpoolImport {
  public:
    struct Parts {
        LateRows& rows;
        const DumpFiles& files;
        metrics::Counters& counters;
    };
    /// `stopping` is asked between core dumps.
    SpoolImport(Parts parts, std::function<bool()> stopping)
        : parts_(parts), stopping_(std::move(stopping)) {}

    /// Each returns how many rows it made or found. What fails is logged and stays for the next
    /// time; while the object store is away, all of it. Throws db::Unavailable.
    std::size_t run(const storage::Spool& spool);
    /// What waits in the bucket, for any host.
    std::size_t run(ObjectSpool& spool, db::SpoolClaims& claims);

  private:
    /// Goes through one spool. `bring_in` is given a name; false: there is no row for it.
    class Walk;

    bool bring_in(const storage::Spool& spool, const storage::SpoolClaim& claim);
    bool bring_in(ObjectSpool& spool, const std::string& key);
    std::variant<LateRow, NoRow> make_row(const storage::UploadedDump& dump);
    void quarantined(const std::string& name, const std::string& reason);

    Parts parts_;
    std::function<bool()> stopping_;
};

}  // namespace coredepot::core
