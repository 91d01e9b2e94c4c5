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
    /// Where they are in the bucket; empty: in folders. What is in the bucket has an image there.
    std::optional<std::string> bundle_object = std::nullopt;
    std::optional<std::string> image_object = std::nullopt;
};

/// A bundle, by its ELF.
struct BundledElf {
    std::string sha256;  ///< of the ELF
    FirmwareVersion version;
    bool kept = false;  ///< another build of its version has replaced it
    std::optional<std::string> object = std::nullopt;  ///< in the bucket; empty: in a folder
};

/// The tables `firmware_versions` and `kept_elves`, and with it each model's current version. All
/// throw Unavailable.
class FirmwareVersions {
  public:
    explicit FirmwareVersions(Database& database) : database_(database) {}

    /// Records the version and makes it the model's current one. `publish` puts the files in place;
    /// it is called while the model's row is locked and before the commit, so that uploads of one
    /// model follow one another and a failure to publish leaves no row. Of what is in the bucket
    /// nobody removes anything meanwhile (FirmwareObjects), and a plain image that came in a bundle
    /// before leaves that its ELF. False when the model is gone (`publish`
    /// was not called).
    bool record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                const std::function<void()>& publish);

    /// The same. `publish` is told what was recorded of this version until now (empty: nothing),
    /// which a move to the other place may have changed a moment ago.
    using Publish = std::function<void(const std::optional<FirmwareVersionRecord>& replaced)>;
    bool record_replacing(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                          const Publish& publish);

    /// What is recorded of this version of the model; empty: it was never uploaded.
    std::optional<FirmwareVersionRecord> find(std::int64_t device_model_id,
                                              const FirmwareVersion& version);

    /// Where the image of the model's current version is in the bucket; empty: in a folder, or
    /// there is none.
    std::optional<std::string> current_image_object(const ModelCode& code);
    /// Whether any is.
    bool any_in_bucket();

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
