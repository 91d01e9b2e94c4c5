#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "db/device_models.hpp"
#include "db/firmware_versions.hpp"
#include "db/requeue.hpp"
#include "storage/dump_store.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

/// Takes firmware in, from pipelines and admins. All or nothing as devices see it.
class FirmwareUploads {
  public:
    /// Without `dumps` the runner's timer finds the core dumps that waited for the firmware.
    FirmwareUploads(db::FirmwareVersions& versions, db::Requeue& requeue,
                    storage::FirmwareStore store, std::optional<storage::DumpStore> dumps,
                    std::uint64_t max_bytes)
        : versions_(versions),
          requeue_(requeue),
          store_(std::move(store)),
          dumps_(std::move(dumps)),
          max_bytes_(max_bytes) {}

    /// A bundle, or a plain image, as its first bytes tell. Returns the version that it brought,
    /// which is the model's current one now; the same version again is replaced. Core dumps that
    /// ended in ERROR for want of the bundle go back into the queue. Throws Refusal,
    /// db::Unavailable, storage::StorageError.
    FirmwareVersion accept(const DeviceModel& model, std::string_view upload);

    std::uint64_t max_bytes() const { return max_bytes_; }

  private:
    void publish(const DeviceModel& model, const db::FirmwareVersionRecord& record,
                 storage::Replacement files);
    void requeue(const DeviceModel& model) noexcept;

    db::FirmwareVersions& versions_;
    db::Requeue& requeue_;
    storage::FirmwareStore store_;
    std::optional<storage::DumpStore> dumps_;
    std::uint64_t max_bytes_;
};

}  // namespace coredepot::core
