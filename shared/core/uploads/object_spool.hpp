#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "objects/bucket.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::core {

/// Where core dumps wait for the database in the bucket: objects below `spool/`, each a whole
/// record (storage/spool_record.hpp), for any host to bring in. Who does it a second time makes the
/// same of it. What has no row to become goes below `quarantine/`; put back by hand, it is tried
/// again. All throw objects::Unavailable.
class ObjectSpool {
  public:
    explicit ObjectSpool(objects::Bucket& bucket) : bucket_(bucket) {}

    /// On stable storage, unless it is in doubt.
    objects::Put put(const storage::UploadedDump& dump);
    /// Whether so many of this device wait. `most`: 1 to 1,000.
    bool has_waiting(const DeviceKey& device, int most);

    /// Shows the keys of what waits, of each device the oldest first, until `see` returns false.
    void for_each(const std::function<bool(const std::string& key)>& see);

    /// What a key of the spool has.
    struct Found {
        std::string record;
        std::optional<storage::UploadedDump> dump;  ///< empty: it is no spooled core dump
    };
    /// Empty when it is gone.
    std::optional<Found> read(const std::string& key);
    /// Best effort and logged: what stays is only done again.
    void remove(const std::string& key) { bucket_.remove(key); }
    void quarantine(const std::string& key, const std::string& record);

  private:
    objects::Bucket& bucket_;
};

}  // namespace coredepot::core
