#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/firmware_bucket.hpp"
#include "domain/names.hpp"
#include "metrics/counters.hpp"
#include "storage/firmware_store.hpp"
#include "storage/image_cache.hpp"

namespace coredepot::core {

/// Where to find firmware that is in a bucket according to its row.
struct FirmwareSource {
    /// Null: no firmware is in a bucket, so rows are not asked.
    db::FirmwareVersions* rows = nullptr;
    FirmwareBucket* bucket = nullptr;    ///< null: no bucket is configured
    std::uint64_t max_cached_bytes = 0;  ///< how much room its images may take on this machine
};

/// Finds the firmware that a model's devices download: the image in the bucket if the current
/// version's row names one; else the .bin in the current version's bundle; else the flat image.
class FirmwareDownloads {
  public:
    FirmwareDownloads(storage::FirmwareStore store, storage::ImageCache images,
                      std::uint64_t max_image_bytes, metrics::Counters& counters,
                      FirmwareSource source = {})
        : store_(std::move(store)),
          images_(std::move(images)),
          max_image_bytes_(max_image_bytes),
          counters_(counters),
          source_(source) {}

    /// Throws NotFound, `Firmware {code} was not found`, os::StorageError, db::Unavailable and
    /// objects::Unavailable. An image that was fetched once is available without the bucket. A
    /// bundle that cannot be read is logged and counted, and the flat image is used instead.
    storage::Image current(const ModelCode& model,
                           const std::optional<FirmwareVersion>& version) const;

  private:
    storage::Image from_bucket(const ModelCode& model, const std::string& image_object) const;
    std::optional<storage::Image> from_bundle(const ModelCode& model,
                                              const FirmwareVersion& version) const;
    std::optional<storage::Image> from_flat(const ModelCode& model) const;

    storage::FirmwareStore store_;
    storage::ImageCache images_;
    std::uint64_t max_image_bytes_;
    metrics::Counters& counters_;
    FirmwareSource source_;
};

}  // namespace coredepot::core
