#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// Hashes are 64 lower-case hex characters.
struct FirmwareVersionRecord {
    FirmwareVersion version;
    std::optional<std::string> elf_sha256;  ///< empty: a plain .bin
    std::string bin_sha256;
};

/// A bundle, by its ELF.
struct BundledElf {
    std::string sha256;  ///< of the ELF
    FirmwareVersion version;
    bool kept = false;  ///< another build of its version has replaced it
};

/// The tables `firmware_versions` and `kept_elves`, and with it each model's current version. All
/// throw Unavailable.
class FirmwareVersions {
  public:
    explicit FirmwareVersions(Database& database) : database_(database) {}

    /// Records the version and makes it the model's current one. `publish` puts the files in place;
    /// it is called while the model's row is locked and before the commit, so that uploads of one
    /// model follow one another and a failure to publish leaves no row. False when the model is
    /// gone (`publish` was not called).
    bool record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                const std::function<void()>& publish);

    /// The SHA-256 of the ELF that came with this version of the model; empty: none did.
    std::optional<std::string> elf_of(std::int64_t device_model_id, const FirmwareVersion& version);

    /// Bundles of the model whose ELF's SHA-256 starts with `prefix` (hex), by their rows: those of
    /// a version first, and of these the one that was uploaded last. Few, of many at most.
    std::vector<BundledElf> find_by_elf(std::int64_t device_model_id, const std::string& prefix);

    /// A core dump was decoded with an ELF that was kept: it goes later than others.
    void note_use(std::int64_t device_model_id, const std::string& elf_sha256);
    /// Forgets those of the model's kept ELFs that are more than `most`, which core dumps need
    /// least. Returns their SHA-256: their bundles may go.
    std::vector<std::string> give_up_elves(std::int64_t device_model_id, std::int64_t most);

  private:
    Database& database_;
};

}  // namespace coredepot::db
