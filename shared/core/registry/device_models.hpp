#pragma once

#include <cstdint>
#include <string>

#include "core/firmware_bucket.hpp"
#include "db/device_models.hpp"
#include "domain/device.hpp"
#include "domain/page.hpp"
#include "storage/firmware_store.hpp"
#include "storage/image_cache.hpp"

namespace coredepot::core {

using DeviceModelPage = Page<DeviceModel, ModelCode>;

/// The hardware types. All throw Refusal and db::Unavailable; remove() also throws
/// os::StorageError.
class DeviceModels {
  public:
    /// `bucket`: null when firmware is only in folders.
    DeviceModels(db::DeviceModels& models, storage::FirmwareStore firmware,
                 storage::ImageCache images, FirmwareBucket* bucket = nullptr)
        : models_(models),
          firmware_(std::move(firmware)),
          images_(std::move(images)),
          bucket_(bucket) {}

    /// By code. Throws ValidationFailed for an invalid limit.
    DeviceModelPage list(const PageRequest<ModelCode>& page = {});
    DeviceModel find(std::int64_t id);
    /// `code` and `name` come from a client.
    DeviceModel create(const std::string& code, const std::string& name);
    DeviceModel rename(std::int64_t id, const std::string& name);
    /// Also removes its firmware. A model with devices stays.
    void remove(std::int64_t id);

  private:
    db::DeviceModels& models_;
    storage::FirmwareStore firmware_;
    storage::ImageCache images_;
    FirmwareBucket* bucket_;
};

}  // namespace coredepot::core
