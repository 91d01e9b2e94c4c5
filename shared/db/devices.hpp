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
    /// Whether there is a device, or ever was one whose core dumps were deleted on purpose.
    bool any();

    /// The device that has this client at the identity provider.
    std::optional<DeviceReference> find_client(const ClientId& client);

    enum class Insertion { Inserted, KeyTaken, ClientTaken, UnknownModel };
    struct Inserted {
        Insertion outcome = Insertion::UnknownModel;
        std::optional<Device> device;  ///< set if Inserted
    };
    Inserted insert(std::int64_t device_model_id, const DeviceKey& key,
                    const std::optional<std::string>& device_name,
                    const std::optional<ClientId>& client = std::nullopt);

    struct KeyAndModel {
        DeviceKey key;
        ModelCode model_code;
    };
    /// Inserts all at once: nobody sees some of them without the others. Leaves out devices whose
    /// key is taken or whose model does not exist. Returns the keys of the new ones.
    std::vector<DeviceKey> insert_all(const std::vector<KeyAndModel>& devices);

    /// Empty when there is no such device; ClientTaken when another device has the client.
    struct ClientTaken {};
    std::variant<std::optional<Device>, ClientTaken> change(std::int64_t id,
                                                            const DeviceChange& change);
    /// The device says that it runs this version. Recorded when it changes, and once a day. Returns
    /// whether it was recorded now.
    bool note_running(std::int64_t id, const FirmwareVersion& version);
    /// The keys of its core dumps' objects, at most a thousand.
    std::vector<std::string> objects_of(std::int64_t id);
    /// Also removes the rows of its core dumps. Returns the key that it had; empty when it is
    /// unknown.
    std::optional<DeviceKey> remove(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
