#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/device.hpp"
#include "domain/page.hpp"

namespace coredepot::db {

/// The table `device_models`. All throw Unavailable.
class DeviceModels {
  public:
    explicit DeviceModels(Database& database) : database_(database) {}

    /// By code, after `after`.
    std::vector<DeviceModel> list(const std::optional<ModelCode>& after = std::nullopt,
                                  std::int64_t limit = kMaxPageRows);
    std::optional<DeviceModel> find(std::int64_t id);
    std::optional<DeviceModel> find(const ModelCode& code);

    /// Empty when the code is taken.
    std::optional<DeviceModel> insert(const ModelCode& code, const std::string& name);
    /// Empty when there is no such model.
    std::optional<DeviceModel> rename(std::int64_t id, const std::string& name);

    enum class Removal { Removed, Unknown, InUse };
    /// Also removes its firmware versions. A model with devices stays.
    Removal remove(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
