#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "config.hpp"
#include "core/outage.hpp"
#include "domain/coredump.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"
#include "storage/dump_store.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::core {

/// Where the bytes of core dumps are: files below COREDUMPS_DIR, objects in a bucket, or both, if a
/// bucket was added later. Each core dump's row says which.
class DumpFiles {
  public:
    /// Either may be missing. New core dumps go into the bucket if there is one.
    explicit DumpFiles(std::optional<storage::DumpStore> folder,
                       std::shared_ptr<objects::Bucket> bucket = nullptr)
        : folder_(std::move(folder)), bucket_(std::move(bucket)) {}

    const std::optional<storage::DumpStore>& folder() const { return folder_; }
    bool has_bucket() const { return bucket_ != nullptr; }
    /// Call this only if there is one.
    objects::Bucket& bucket() const { return *bucket_; }

    /// Stores it in the right place, under the name for that moment or the first free one after it.
    /// If a process has stored it before and died, it keeps its name. `model_code` is its device's
    /// model. It is on stable storage when this returns. Throws StorageError, objects::Unavailable
    /// and StoreInDoubt.
    storage::StoredDump put_again(const storage::UploadedDump& dump, Timestamp at,
                                  const ModelCode& model_code) const;
    /// The same for the bucket. The object has everything that its row needs, so the row can be
    /// made again if the database loses it.
    storage::StoredDump put_object(const storage::UploadedDump& dump, Timestamp at,
                                   const ModelCode& model_code) const;

    /// Empty when it is gone. Throws StorageError, FolderGone and objects::Unavailable.
    std::optional<std::string> read(const DeviceKey& device, const DumpFile& file) const;
    /// Throws objects::Unavailable or os::StorageError when it is missing, or when that cannot be
    /// found out.
    void require(const DeviceKey& device, const DumpFile& file) const;
    /// What a proxy needs to fetch an object; empty when it is gone. Throws objects::Unavailable.
    std::optional<objects::ProxyTarget> target(const std::string& object,
                                               std::chrono::seconds lifetime,
                                               const std::string& method) const;
    /// Best effort and logged: the row is the truth, and coredepot-fsck finds files that stay.
    /// False when it stays.
    bool remove(const DeviceKey& device, const DumpFile& file) const noexcept;
    /// Makes all removals so far durable. Best effort and logged.
    void sync() const noexcept;

    /// Whether there is any core dump; empty when the bucket does not answer.
    std::optional<bool> has_dumps() const noexcept;

  private:
    std::optional<storage::DumpStore> folder_;
    std::shared_ptr<objects::Bucket> bucket_;
    /// Many removals may follow each other, and each would wait for the store.
    mutable Outage removals_;
};

/// The configured places. `counters` must outlive the result; it counts requests to the store.
DumpFiles dump_files(const Config& config, metrics::Counters* counters = nullptr);

/// An object may be in its place, or may still appear: the store did not answer. Putting it again
/// does no harm.
class StoreInDoubt : public objects::Unavailable {
  public:
    explicit StoreInDoubt(const std::string& key)
        : objects::Unavailable("no answer after all of " + key + " was sent") {}
};

}  // namespace coredepot::core
