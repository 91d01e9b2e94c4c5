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

/// Where the bytes of core dumps are: files below COREDUMPS_DIR, objects in a bucket, or both,
/// after a bucket was given to those who had a folder. Of each core dump its row tells which.
class DumpFiles {
  public:
    /// Either may be missing. New core dumps go into the bucket, if there is one.
    explicit DumpFiles(std::optional<storage::DumpStore> folder,
                       std::shared_ptr<objects::Bucket> bucket = nullptr)
        : folder_(std::move(folder)), bucket_(std::move(bucket)) {}

    const std::optional<storage::DumpStore>& folder() const { return folder_; }
    bool has_bucket() const { return bucket_ != nullptr; }
    /// That there is.
    objects::Bucket& bucket() const { return *bucket_; }

    /// Puts it where it belongs, under the name of that moment or the first free one after it; what
    /// may have been put there before, by a process that died over it, keeps its name.
    /// `model_code`: what its device is of. On stable storage when it returns. Throws StorageError;
    /// objects::Unavailable, StoreInDoubt.
    storage::StoredDump put_again(const storage::UploadedDump& dump, Timestamp at,
                                  const ModelCode& model_code) const;
    /// The same into the bucket. The object tells all that its row needs: should the database lose
    /// the row, it can be made again.
    storage::StoredDump put_object(const storage::UploadedDump& dump, Timestamp at,
                                   const ModelCode& model_code) const;

    /// Empty when it is gone. Throws StorageError, FolderGone; objects::Unavailable.
    std::optional<std::string> read(const DeviceKey& device, const DumpFile& file) const;
    /// Throws objects::Unavailable or os::StorageError when it is not there, or nobody can say.
    void require(const DeviceKey& device, const DumpFile& file) const;
    /// With which a proxy fetches an object; empty: it is gone. Throws objects::Unavailable.
    std::optional<objects::ProxyTarget> target(const std::string& object,
                                               std::chrono::seconds lifetime,
                                               const std::string& method) const;
    /// Best effort and logged: the row is the truth, and coredepot-fsck finds what stays behind.
    /// False when it does.
    bool remove(const DeviceKey& device, const DumpFile& file) const noexcept;
    /// What was removed so far is gone for good. Best effort and logged.
    void sync() const noexcept;

    /// Whether there is any core dump at all; empty: the bucket does not say.
    std::optional<bool> has_dumps() const noexcept;

  private:
    std::optional<storage::DumpStore> folder_;
    std::shared_ptr<objects::Bucket> bucket_;
    mutable Outage removals_;  ///< many may be due at once, and each would wait for the store
};

/// As configured. `counters`, which has to outlive it, counts requests to the store.
DumpFiles dump_files(const Config& config, metrics::Counters* counters = nullptr);

/// An object may be in its place, or come to be there yet: the store did not say. To put it once
/// more is harmless.
class StoreInDoubt : public objects::Unavailable {
  public:
    explicit StoreInDoubt(const std::string& key)
        : objects::Unavailable("no answer after all of " + key + " was sent") {}
};

}  // namespace coredepot::core
