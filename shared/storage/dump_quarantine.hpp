#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "domain/names.hpp"

namespace coredepot::storage {

/// A core dump as quarantine names it.
struct QuarantinedDump {
    DeviceKey device;
    DumpFilename filename;

    /// Of `{device_key}-{filename}`; empty: it is something else, as what the spool put there.
    static std::optional<QuarantinedDump> parse(const std::string& name);
};

/// Core dumps that can have no row, beside those that the spool put aside:
/// `COREDUMPS_DIR/.quarantine/{device_key}-{filename}`, whole files with their labels, and the
/// reason as another extended attribute.
class DumpQuarantine {
  public:
    explicit DumpQuarantine(std::filesystem::path coredumps_dir)
        : root_(std::move(coredumps_dir)) {}

    /// Moves the device's file there; false when it is gone. Throws StorageError.
    bool put(const DeviceKey& device, const DumpFilename& filename,
             const std::string& reason) const;
    /// Empty when it is not known.
    std::optional<std::string> reason(const QuarantinedDump& dump) const;
    /// Moves it back; false when it is gone, or another file has its name. Throws StorageError.
    bool release(const QuarantinedDump& dump) const;

  private:
    std::filesystem::path place(const DeviceKey& device, const DumpFilename& filename) const;
    std::filesystem::path path(const DeviceKey& device, const DumpFilename& filename) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
