#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/firmware/bundle.hpp"
#include "core/firmware_bucket.hpp"
#include "db/device_models.hpp"
#include "db/firmware_versions.hpp"
#include "db/requeue.hpp"
#include "storage/firmware_store.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

struct FirmwareLimits {
    std::uint64_t max_bytes = 0;  ///< of an upload
    std::int64_t keep_elves = 0;  ///< of each model's builds that others have replaced
};

/// Takes firmware in, from pipelines and admins. All or nothing as devices see it.
class FirmwareUploads {
  public:
    /// Without `wake_ups` the runner's timer finds the core dumps that waited for the firmware.
    /// Where there is a `bucket`, new firmware goes there, and `store` has what came before.
    FirmwareUploads(db::FirmwareVersions& versions, db::Requeue& requeue,
                    storage::FirmwareStore store, std::optional<storage::WakeUps> wake_ups,
                    FirmwareLimits limits, FirmwareBucket* bucket = nullptr)
        : versions_(versions),
          requeue_(requeue),
          store_(std::move(store)),
          wake_ups_(std::move(wake_ups)),
          limits_(limits),
          bucket_(bucket) {}

    /// A bundle, or a plain image, as its first bytes tell; an image that the bundle of its version
    /// holds already is that bundle once more. Returns the version that it brought,
    /// which is the model's current one now. The same version again is replaced, and the ELF of the
    /// build before is kept for core dumps that need it. Core dumps that
    /// ended in ERROR for want of the bundle go back into the queue. Throws Refusal,
    /// db::Unavailable, objects::Unavailable, os::StorageError.
    FirmwareVersion accept(const DeviceModel& model, std::string_view upload);

    std::uint64_t max_bytes() const { return limits_.max_bytes; }

  private:
    FirmwareVersion accept_into_bucket(const DeviceModel& model, std::string_view upload,
                                       const std::optional<Bundle>& bundle);
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
    /// The ELF that came with this version in a folder, if it did, before it is replaced by
    /// `replacement`'s.
    void keep_elf(const DeviceModel& model,
                  const std::optional<db::FirmwareVersionRecord>& replaced,
                  const db::FirmwareVersionRecord& replacement);
    void give_up_elves(const DeviceModel& model) noexcept;
    void publish(const DeviceModel& model, const db::FirmwareVersionRecord& record,
                 storage::Replacement files);
    void requeue(const DeviceModel& model) noexcept;

    db::FirmwareVersions& versions_;
    db::Requeue& requeue_;
    storage::FirmwareStore store_;
    std::optional<storage::WakeUps> wake_ups_;
    FirmwareLimits limits_;
    FirmwareBucket* bucket_;
};

}  // namespace coredepot::core
