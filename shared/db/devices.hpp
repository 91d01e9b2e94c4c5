#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
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
    /// Whether there is any, or was one whose core dumps were deleted on purpose.
    bool any();

    /// Which device the identity provider has this client for.
    std::optional<DeviceReference> find_client(const ClientId& client);

    enum class Insertion { Inserted, KeyTaken, ClientTaken, UnknownModel };
    struct Inserted {
        Insertion outcome = Insertion::UnknownModel;
        std::optional<Device> device;  ///< there when Inserted
    };
    Inserted insert(std::int64_t device_model_id, const DeviceKey& key,
                    const std::optional<std::string>& device_name,
                    const std::optional<ClientId>& client = std::nullopt);

    struct KeyAndModel {
        DeviceKey key;
        ModelCode model_code;
    };
    /// All at once: nobody sees some of them without the others. Those whose key is taken, or whose
    /// model there is not, are left out. The keys of the new ones.
    std::vector<DeviceKey> insert_all(const std::vector<KeyAndModel>& devices);

    /// Empty when there is no such device; ClientTaken when another one has the client.
    struct ClientTaken {};
    std::variant<std::optional<Device>, ClientTaken> change(std::int64_t id,
                                                            const DeviceChange& change);
    /// The device says that it runs this version. Written down at a change and once a day; whether
    /// it was now.
    bool note_running(std::int64_t id, const FirmwareVersion& version);
    /// Keys of its core dumps' objects, a thousand at most.
    std::vector<std::string> objects_of(std::int64_t id);
    /// Takes the rows of its core dumps along. The key that it had; empty when unknown.
    std::optional<DeviceKey> remove(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
