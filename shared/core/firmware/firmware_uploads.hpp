#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/firmware/bundle.hpp"
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

    /// A bundle, or a plain image, as its first bytes tell; an image that the bundle of its version
    /// holds already is that bundle once more. Returns the version that it brought,
    /// which is the model's current one now; the same version again is replaced. Core dumps that
    /// ended in ERROR for want of the bundle go back into the queue. Throws Refusal,
    /// db::Unavailable, os::StorageError.
    FirmwareVersion accept(const DeviceModel& model, std::string_view upload);

    std::uint64_t max_bytes() const { return max_bytes_; }

  private:
    // Both under the model's lock.
    FirmwareVersion accept_image(const DeviceModel& model, std::string_view upload);
    FirmwareVersion accept_bundle(const DeviceModel& model, std::string_view upload,
                                  const Bundle& bundle);
    struct KnownBundle {
        std::string zip;
        Bundle bundle;
    };
    /// Empty when there is none, or none that can be read.
    std::optional<KnownBundle> known_bundle(const ModelCode& model,
                                            const FirmwareVersion& version) const;
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
