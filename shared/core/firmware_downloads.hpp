#pragma once

#include <cstdint>
#include <string>

#include "domain/device.hpp"
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

    /// Throws NotFound, `Firmware {code} was not found`, and storage::StorageError. A bundle that
    /// cannot be read is logged and counted, and the flat image stands in.
    storage::Image current(const DeviceModel& model) const;

  private:
    std::optional<storage::Image> from_bundle(const DeviceModel& model) const;
    std::optional<storage::Image> from_flat(const DeviceModel& model) const;

    storage::FirmwareStore store_;
    storage::ImageCache images_;
    std::uint64_t max_image_bytes_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::core
