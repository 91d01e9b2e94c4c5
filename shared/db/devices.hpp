#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/device.hpp"

namespace coredepot::db {

/// The table `devices`. All throw Unavailable.
class Devices {
  public:
    explicit Devices(Database& database) : database_(database) {}

    std::vector<Device> list(const DeviceSelection& selection);
    std::optional<Device> find(std::int64_t id);
    std::optional<Device> find(const DeviceKey& key);

    enum class Insertion { Inserted, KeyTaken, UnknownModel };
    struct Inserted {
        Insertion outcome = Insertion::UnknownModel;
        std::optional<Device> device;  ///< there when Inserted
    };
    Inserted insert(std::int64_t device_model_id, const DeviceKey& key,
                    const std::optional<std::string>& device_name);

    /// Empty when there is no such device.
    std::optional<Device> rename(std::int64_t id, const std::optional<std::string>& device_name);
    /// Takes the rows of its core dumps along. The key that it had; empty when unknown.
    std::optional<DeviceKey> remove(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
