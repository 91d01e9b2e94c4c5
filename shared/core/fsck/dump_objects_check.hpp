#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/dump_copies.hpp"
#include "core/fsck/fsck.hpp"
#include "core/uploads/late_rows.hpp"
#include "core/uploads/object_spool.hpp"
#include "db/deletions.hpp"
#include "db/devices.hpp"
#include "db/dump_objects.hpp"
#include "db/firmware_versions.hpp"

namespace coredepot::core {

/// The part of coredepot-fsck that compares core dumps in the bucket with the rows. An object that
/// no row names gets a row, from the facts stored with it or else from its bytes. If it cannot have
/// one, it goes below `quarantine/`. An object is removed only if a core dump with its name and
/// hash was deleted on purpose, has expired, or is a file in this host's folder according to its
/// row. Safe while everything runs. Memory grows only with the number of problems.
class DumpObjectsCheck {
  public:
    struct Parts {
        DumpFiles files;  ///< must have a bucket
        db::DumpObjects& rows;
        db::Deletions& deletions;
        db::Devices& devices;
        db::DeviceModels& models;
        db::FirmwareVersions& versions;
        LateRows& late_rows;
        DumpCopies& copies;
        metrics::Counters& counters;
        ReadFacts read_facts;
        std::function<void(const Finding&)> report;
        std::function<void(std::chrono::seconds)> pause;
    };
    DumpObjectsCheck(Parts parts, FsckOptions options)
        : parts_(std::move(parts)), options_(std::move(options)), spool_(parts_.files.bucket()) {}

    struct Result {
        Fsck::Result found;
        /// Everything was checked and all deleted objects are gone, so records of deletions may be
        /// forgotten.
        bool is_complete = false;
    };
    /// Does nothing while another host checks. Throws db::Unavailable, objects::Unavailable and
    /// ForgottenDatabase.
    Result run();

  private:
    /// An object whose fate has to be decided.
    struct Suspect {
        std::string key;  ///< of the object
        DeviceKey device;
        DumpFilename filename;
        std::string hash;  ///< the start of the SHA-256
        Timestamp last_modified;
    };
    /// What an object says about its row.
    struct Told {
        DumpLabel label;
        std::string bytes;
        std::string sha256;
    };

    void check_objects();
    void compare(const std::vector<objects::ListedObject>& page, const std::string& after,
                 const std::string& last);
    void check_object(const objects::ListedObject& object);
    void check_missing(const std::string& object);
    void check_spool();
    void check_quarantine();
    void settle_all();
    void make_missing_devices();
    void settle(const Suspect& suspect);
    bool is_there_still(const Suspect& suspect);
    bool belongs_to_row(const Suspect& suspect);
    void settle_copy(const Suspect& suspect);
    bool was_deleted(const Suspect& suspect);
    void adopt(const Suspect& suspect);
    std::optional<std::variant<Told, std::string>> read(const Suspect& suspect);
    void quarantine(const Suspect& suspect, const std::string& reason);
    void forget_deletions();
    /// At least, as far as it matters.
    std::size_t count_of_unknown_devices();
    bool is_device(const DeviceKey& key) { return parts_.devices.find(key).has_value(); }
    bool is_old(Timestamp time) const { return time < oldest_in_progress_; }
    void report(Fault fault, const std::string& what, bool repaired = false,
                const std::string& outcome = {});
    objects::Bucket& bucket() const { return parts_.files.bucket(); }

    Parts parts_;
    FsckOptions options_;
    ObjectSpool spool_;
    Timestamp oldest_in_progress_;
    std::size_t seen_ = 0;
    std::vector<Suspect> expired_;
    std::vector<Suspect> orphans_;
    Result result_;
};

}  // namespace coredepot::core
