#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "objects/bucket.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::core {

/// Where core dumps wait in the bucket for the database: objects below `spool/`, each a whole
/// record (storage/spool_record.hpp). Any host may import them, and importing one twice does no
/// harm. One that cannot become a row goes below `quarantine/`. Put back by hand, it is tried
/// again. All throw objects::Unavailable.
class ObjectSpool {
  public:
    explicit ObjectSpool(objects::Bucket& bucket) : bucket_(bucket) {}

    /// It is on stable storage, unless the result is InDoubt.
    objects::Put put(const storage::UploadedDump& dump);
    /// Whether `most` (1 to 1,000) or more core dumps of this device wait.
    bool has_waiting(const DeviceKey& device, int most);

    /// Calls `see` with the keys of waiting core dumps, each device's oldest first, until it
    /// returns false.
    void for_each(const std::function<bool(const std::string& key)>& see);

    /// What is under a key of the spool.
    struct Found {
        std::string record;
        std::optional<storage::UploadedDump> dump;  ///< empty: not a valid spooled core dump
    };
    /// Empty when it is gone.
    std::optional<Found> read(const std::string& key);
    /// Best effort and logged: one that stays is only imported again.
    void remove(const std::string& key) { bucket_.remove(key); }
    void quarantine(const std::string& key, const std::string& record);

  private:
    objects::Bucket& bucket_;
};

}  // namespace coredepot::core
