#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "domain/names.hpp"

namespace coredepot::storage {

/// A core dump's file in quarantine.
struct QuarantinedDump {
    DeviceKey device;
    DumpFilename filename;

    /// Parses `{device_key}-{filename}`; empty for anything else, such as files from the spool.
    static std::optional<QuarantinedDump> parse(const std::string& name);
};

/// Core dumps that cannot have a row: `COREDUMPS_DIR/.quarantine/{device_key}-{filename}`. They are
/// whole files with their labels; another extended attribute holds the reason. The spool puts its
/// own files beside them.
class DumpQuarantine {
  public:
    explicit DumpQuarantine(std::filesystem::path coredumps_dir)
        : root_(std::move(coredumps_dir)) {}

    /// Moves the device's file into quarantine; false when the file is gone. Throws StorageError.
    bool put(const DeviceKey& device, const DumpFilename& filename,
             const std::string& reason) const;
    /// Empty when it is unknown.
    std::optional<std::string> reason(const QuarantinedDump& dump) const;
    /// Moves the file back; false when it is gone or its name is taken. Throws StorageError.
    bool release(const QuarantinedDump& dump) const;

  private:
    std::filesystem::path place(const DeviceKey& device, const DumpFilename& filename) const;
    std::filesystem::path path(const DeviceKey& device, const DumpFilename& filename) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
