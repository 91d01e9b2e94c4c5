#pragma once

#include <cstdint>
#include <optional>

#include "domain/names.hpp"
#include "metrics/counters.hpp"
#include "storage/firmware_store.hpp"
#include "storage/image_cache.hpp"

namespace coredepot::core {

/// Finds what a device of a model downloads: the .bin in the bundle of its current version, else
/// the flat image.
class FirmwareDownloads {
  public:
    FirmwareDownloads(storage::FirmwareStore store, storage::ImageCache images,
                      std::uint64_t max_image_bytes, metrics::Counters& counters)
        : store_(std::move(store)),
          images_(std::move(images)),
          max_image_bytes_(max_image_bytes),
          counters_(counters) {}

    /// Throws NotFound, `Firmware {code} was not found`, and os::StorageError. A bundle that
    /// cannot be read is logged and counted, and the flat image stands in.
    storage::Image current(const ModelCode& model,
                           const std::optional<FirmwareVersion>& version) const;

  private:
    std::optional<storage::Image> from_bundle(const ModelCode& model,
                                              const FirmwareVersion& version) const;
    std::optional<storage::Image> from_flat(const ModelCode& model) const;

    storage::FirmwareStore store_;
    storage::ImageCache images_;
    std::uint64_t max_image_bytes_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::core
