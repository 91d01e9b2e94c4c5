#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"

/// What objects of core dumps are called, below S3_PREFIX:
///
///     coredumps/{device_key}/{filename}-{16 hex}    a core dump that has a row, or is to have one
///     spool/{device_key}/{filename}-{16 hex}        one that waits for the database: a whole
///     record quarantine/{device_key}/{filename}-{16 hex}   such a record that can become no row
///
/// The hex is the beginning of the bytes' SHA-256: what two hosts call alike are two objects, and
/// no object is ever overwritten by another.
namespace coredepot::objects::keys {

constexpr std::string_view kCoredumps = "coredumps/";
constexpr std::string_view kSpool = "spool/";
constexpr std::string_view kQuarantine = "quarantine/";

/// `sha256`: of the bytes, 64 lower-case hex characters.
std::string coredump(const DeviceKey& device, const DumpFilename& filename,
                     std::string_view sha256);
/// What the key of a core dump tells.
struct CoredumpKey {
    DeviceKey device;
    DumpFilename filename;
    std::string hash;  ///< how the SHA-256 of its bytes begins: 16 lower-case hex characters
};
/// Empty when coredump() makes no such key.
std::optional<CoredumpKey> parse_coredump(std::string_view key);

std::string spooled(const DeviceKey& device, const DumpFilename& filename, std::string_view sha256);
/// What all of that device's in the spool begin with.
std::string spool_of(const DeviceKey& device);
/// Where a key of the spool goes.
std::string quarantined(std::string_view spooled);

}  // namespace coredepot::objects::keys
