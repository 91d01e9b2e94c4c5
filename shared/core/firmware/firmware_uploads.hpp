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
    std::int64_t keep_elves = 0;  ///< per model, of builds that others have replaced
};

/// Accepts firmware from pipelines and admins. Devices see all of an upload or nothing.
class FirmwareUploads {
  public:
    /// Without `wake_ups`, the runner's timer finds core dumps that waited for the firmware. If
    /// there is a `bucket`, new firmware goes there, and `store` has older firmware.
    FirmwareUploads(db::FirmwareVersions& versions, db::Requeue& requeue,
                    storage::FirmwareStore store, std::optional<storage::WakeUps> wake_ups,
                    FirmwareLimits limits, FirmwareBucket* bucket = nullptr)
        : versions_(versions),
          requeue_(requeue),
          store_(std::move(store)),
          wake_ups_(std::move(wake_ups)),
          limits_(limits),
          bucket_(bucket) {}

    /// Accepts a bundle or a plain image; the first bytes tell which. An image that is already in
    /// its version's bundle counts as that bundle. Returns the uploaded version, which is now the
    /// model's current one. A version that exists is replaced, and the ELF of the earlier build is
    /// kept for core dumps that need it. Core dumps that ended in ERROR for want of the bundle go
    /// back into the queue. Throws Refusal, db::Unavailable, objects::Unavailable and
    /// os::StorageError.
    FirmwareVersion accept(const DeviceModel& model, std::string_view upload);

    std::uint64_t max_bytes() const { return limits_.max_bytes; }

  private:
    FirmwareVersion accept_into_bucket(const DeviceModel& model, std::string_view upload,
                                       const std::optional<Bundle>& bundle);
    // Both need the model's lock.
    FirmwareVersion accept_image(const DeviceModel& model, std::string_view upload);
    FirmwareVersion accept_bundle(const DeviceModel& model, std::string_view upload,
                                  const Bundle& bundle);
    struct KnownBundle {
        std::string zip;
        Bundle bundle;
    };
    /// Empty when there is no bundle, or it cannot be read.
    std::optional<KnownBundle> known_bundle(const ModelCode& model,
                                            const FirmwareVersion& version) const;
    /// Keeps the ELF that came with this version into a folder, if there is one, before
    /// `replacement` replaces it.
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
