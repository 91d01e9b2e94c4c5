#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"
#include "domain/time.hpp"

namespace coredepot {

/// A hardware type. Its code names folders and OIDC clients, so it never changes.
struct DeviceModel {
    std::int64_t id = 0;
    ModelCode code;
    std::string name;
    std::optional<FirmwareVersion> firmware_version;  ///< current; empty until one is uploaded
    std::int64_t device_count = 0;
};

/// One unit.
struct Device {
    std::int64_t id = 0;
    DeviceKey key;
    std::int64_t device_model_id = 0;
    ModelCode model_code;
    std::optional<std::string> device_name;
    std::optional<Timestamp> last_coredump_at;
    /// What the identity provider made up for it; empty: it is known there by our own name.
    std::optional<ClientId> client_id = std::nullopt;
    /// What it last said that it runs, which is no evidence; empty: it never did.
    std::optional<FirmwareVersion> running_version = std::nullopt;
    /// When that was written down: at most once a day, and when it changed.
    std::optional<Timestamp> running_seen_at = std::nullopt;

    // Of a device that is found by its key, as it finds itself:
    /// Until it may upload a whole burst again, see UploadLimit.
    std::chrono::microseconds until_upload_budget_full{0};
    std::optional<FirmwareVersion> firmware_version = std::nullopt;  ///< its model's current one
};

/// Which devices a list is to have, by rising id.
struct DeviceSelection {
    std::optional<std::int64_t> device_model_id = std::nullopt;  ///< empty: of all models
    std::int64_t after = 0;                            ///< the id that the last page ended with
    std::optional<std::int64_t> limit = std::nullopt;  ///< of a page; empty: kMaxPageRows
    std::optional<std::string> text = std::nullopt;    ///< a part of the key or name
};

/// What of a device is to be another; empty: it stays as it is. No value inside: it goes.
struct DeviceChange {
    std::optional<std::optional<std::string>> device_name = std::nullopt;
    std::optional<std::optional<ClientId>> client_id = std::nullopt;
};

/// Our own name for a device's client: `iotdevice-{code}-{key}`.
std::string own_client_id(const ModelCode& model, const DeviceKey& key);
/// What an identity provider knows the device as.
std::string client_id(const Device& device);

/// A device as a request names it: nothing says that there is one.
struct DeviceReference {
    std::string key;  ///< any bytes
    /// When the one who names it vouches for its model.
    std::optional<ModelCode> model_code = std::nullopt;
};

/// own_client_id() the other way round; empty when `client_id` is none.
std::optional<DeviceReference> parse_client_id(std::string_view client_id);

}  // namespace coredepot
