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
    /// Their keys in the bucket; empty: in folders. A version in the bucket has an image there.
    std::optional<std::string> bundle_object = std::nullopt;
    std::optional<std::string> image_object = std::nullopt;
};

/// A bundle that was found by its ELF.
struct BundledElf {
    std::string sha256;  ///< of the ELF
    FirmwareVersion version;
    bool kept = false;  ///< another build has replaced it
    /// Its key in the bucket; empty: in a folder.
    std::optional<std::string> object = std::nullopt;
};

/// The tables `firmware_versions` and `kept_elves`, which also tell each model's current version.
/// All throw Unavailable.
class FirmwareVersions {
  public:
    explicit FirmwareVersions(Database& database) : database_(database) {}

    /// Records the version and makes it the model's current one. `publish` puts the files in place.
    /// It is called while the model's row is locked and before the commit, so uploads of one model
    /// happen one after another, and a failure leaves no row. Meanwhile nobody removes anything
    /// from the bucket (FirmwareObjects). A plain image that came in a bundle before keeps that
    /// bundle's ELF. False when the model is gone; then `publish` was not called.
    bool record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                const std::function<void()>& publish);

    /// The same, but `publish` gets the previous record of this version (empty: none), which a move
    /// to the other place may have changed a moment ago.
    using Publish = std::function<void(const std::optional<FirmwareVersionRecord>& replaced)>;
    bool record_replacing(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                          const Publish& publish);

    /// The record of this version of the model; empty: it was never uploaded.
    std::optional<FirmwareVersionRecord> find(std::int64_t device_model_id,
                                              const FirmwareVersion& version);

    /// The key in the bucket of the current version's image; empty: it is in a folder, or there is
    /// none.
    std::optional<std::string> current_image_object(const ModelCode& code);
    /// Whether any version is in the bucket.
    bool any_in_bucket();

    /// Bundles of the model whose ELF's SHA-256 starts with `prefix` (hex): current builds first,
    /// and among them the newest. At most a few.
    std::vector<BundledElf> find_by_elf(std::int64_t device_model_id, const std::string& prefix);

    /// A core dump was decoded with a kept ELF, so this ELF goes later than others.
    void note_use(std::int64_t device_model_id, const std::string& elf_sha256);
    /// Forgets all but `most` of the model's kept ELFs; those that core dumps need least go first.
    /// Returns their SHA-256: the caller may remove their bundles.
    std::vector<std::string> give_up_elves(std::int64_t device_model_id, std::int64_t most);

  private:
    Database& database_;
};

}  // namespace coredepot::db
