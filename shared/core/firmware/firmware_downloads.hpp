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

/// Firmware of which rows say that it is in a bucket.
struct FirmwareSource {
    db::FirmwareVersions* rows = nullptr;  ///< null: there is none, and no row is asked
    FirmwareBucket* bucket = nullptr;      ///< null: none is configured
    std::uint64_t max_cached_bytes = 0;    ///< what images of it may take on this machine
};

/// Finds what a device of a model downloads: the image in the bucket, where its row names one;
/// else the .bin in the bundle of its current version, else the flat image.
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
    /// objects::Unavailable: what was fetched once is there without the bucket. A bundle that
    /// cannot be read is logged and counted, and the flat image stands in.
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
