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

/// Makes rows for core dumps that were accepted while the database or the object store was away, by
/// the rules of LateRows. Any number may run at once, and each may be killed at any moment.
class SpoolImport {
  public:
    struct Parts {
        LateRows& rows;
        const DumpFiles& files;
        metrics::Counters& counters;
    };
    /// `stopping` is called between core dumps.
    SpoolImport(Parts parts, std::function<bool()> stopping)
        : parts_(parts), stopping_(std::move(stopping)) {}

    /// Both return how many rows they made or found. What fails is logged and stays for the next
    /// time; while the object store is away, that is everything. Throws db::Unavailable.
    std::size_t run(const storage::Spool& spool);
    /// Imports what waits in the bucket for any host.
    std::size_t run(ObjectSpool& spool, db::SpoolClaims& claims);

  private:
    /// Goes through a spool. `bring_in` gets a name and returns false when it cannot become a row.
    class Walk;

    bool bring_in(const storage::Spool& spool, const storage::SpoolClaim& claim);
    bool bring_in(ObjectSpool& spool, const std::string& key);
    std::variant<LateRow, NoRow> make_row(const storage::UploadedDump& dump);
    void quarantined(const std::string& name, const std::string& reason);

    Parts parts_;
    std::function<bool()> stopping_;
};

}  // namespace coredepot::core
