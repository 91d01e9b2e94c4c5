#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"

/// The keys of core dumps in the bucket, below S3_PREFIX:
///
///     coredumps/{device_key}/{filename}-{16 hex}    has a row, or is about to have one
///     spool/{device_key}/{filename}-{16 hex}        a spool record, waiting for the database
///     quarantine/{device_key}/{filename}-{16 hex}   a spool record that cannot become a row
///
/// The hex digits are the start of the SHA-256 of the core dump's bytes. So two hosts that give two
/// core dumps the same filename still make two objects, and no object overwrites another.
namespace coredepot::objects::keys {

constexpr std::string_view kCoredumps = "coredumps/";
constexpr std::string_view kSpool = "spool/";
constexpr std::string_view kQuarantine = "quarantine/";

/// `sha256`: of the bytes, 64 lower-case hex characters.
std::string coredump(const DeviceKey& device, const DumpFilename& filename,
                     std::string_view sha256);
/// The parts of a core dump's key.
struct CoredumpKey {
    DeviceKey device;
    DumpFilename filename;
    std::string hash;  ///< the first 16 characters of its SHA-256, in lower-case hex
};
/// Empty for a key that coredump() would not make.
std::optional<CoredumpKey> parse_coredump(std::string_view key);

std::string spooled(const DeviceKey& device, const DumpFilename& filename, std::string_view sha256);
/// The prefix of the device's keys in the spool.
std::string spool_of(const DeviceKey& device);
/// The key in quarantine for one in the spool.
std::string quarantined(std::string_view spooled);

}  // namespace coredepot::objects::keys
