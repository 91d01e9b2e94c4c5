#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"
#include "domain/time.hpp"

namespace coredepot {

/// A hardware type. Folders and OIDC clients are named after its code, so the code never changes.
struct DeviceModel {
    std::int64_t id = 0;
    ModelCode code;
    std::string name;
    std::optional<FirmwareVersion> firmware_version;  ///< current; empty until one is uploaded
    std::int64_t device_count = 0;
};

/// One physical device.
struct Device {
    std::int64_t id = 0;
    DeviceKey key;
    std::int64_t device_model_id = 0;
    ModelCode model_code;
    std::optional<std::string> device_name;
    std::optional<Timestamp> last_coredump_at;
    /// The client ID that the identity provider invented for it; empty: it uses our own name for
    /// it.
    std::optional<ClientId> client_id = std::nullopt;
    /// The version that it last claimed to run, which is no evidence; empty: it never said.
    std::optional<FirmwareVersion> running_version = std::nullopt;
    /// When that was recorded: at most once a day, and whenever it changes.
    std::optional<Timestamp> running_seen_at = std::nullopt;

    // Only for a device that was found by its key:
    /// The time until it may upload a whole burst again; see UploadLimit.
    std::chrono::microseconds until_upload_budget_full{0};
    /// The current one of its model.
    std::optional<FirmwareVersion> firmware_version = std::nullopt;
};

/// Selects devices for a list, which is ordered by ascending ID.
struct DeviceSelection {
    std::optional<std::int64_t> device_model_id = std::nullopt;  ///< empty: all models
    std::int64_t after = 0;                            ///< the last ID of the previous page
    std::optional<std::int64_t> limit = std::nullopt;  ///< rows per page; empty: kMaxPageRows
    std::optional<std::string> text = std::nullopt;    ///< a part of the key or name
};

/// The changes to a device. An empty member changes nothing; one with no value inside removes the
/// value.
struct DeviceChange {
    std::optional<std::optional<std::string>> device_name = std::nullopt;
    std::optional<std::optional<ClientId>> client_id = std::nullopt;
};

/// Our own name for a device's OIDC client: `iotdevice-{code}-{key}`.
std::string own_client_id(const ModelCode& model, const DeviceKey& key);
/// The name under which an identity provider knows the device.
std::string client_id(const Device& device);

/// A device that a request names. It need not exist.
struct DeviceReference {
    std::string key;  ///< any bytes
    /// Its model, when whoever names the device vouches for it.
    std::optional<ModelCode> model_code = std::nullopt;
};

/// The reverse of own_client_id(); empty when `client_id` is not such a name.
std::optional<DeviceReference> parse_client_id(std::string_view client_id);

}  // namespace coredepot
