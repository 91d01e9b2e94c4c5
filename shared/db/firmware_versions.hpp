#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// Hashes are 64 lower-case hex characters.
struct FirmwareVersionRecord {
    FirmwareVersion version;
    std::optional<std::string> elf_sha256;  ///< empty: a plain .bin
    std::string bin_sha256;
};

/// The table `firmware_versions`, and with it each model's current version. All throw Unavailable.
class FirmwareVersions {
  public:
    explicit FirmwareVersions(Database& database) : database_(database) {}

    /// Records the version and makes it the model's current one. `publish` puts the files in place;
    /// it is called while the model's row is locked and before the commit, so that uploads of one
    /// model follow one another and a failure to publish leaves no row. False when the model is
    /// gone (`publish` was not called).
    bool record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                const std::function<void()>& publish);

    /// The newest version of the model whose ELF's SHA-256 starts with `prefix` (hex).
    std::optional<FirmwareVersion> find_by_elf(std::int64_t device_model_id,
                                               const std::string& prefix);

  private:
    Database& database_;
};

}  // namespace coredepot::db
