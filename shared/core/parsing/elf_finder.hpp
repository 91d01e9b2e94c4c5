#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/firmware_bucket.hpp"
#include "db/firmware_versions.hpp"
#include "db/parse_queue.hpp"
#include "domain/dump_facts.hpp"
#include "storage/elf_cache.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

/// Why there is no ELF for a core dump, as a sentence. Another attempt is useless until other
/// firmware is uploaded.
struct NoElf {
    std::string reason;
    /// The start of the right ELF's SHA-256, if a bundle of any version may contain it.
    std::optional<std::string> sha256_prefix = std::nullopt;
};

/// An ELF, and the version of the bundle that it came from.
struct FoundElf {
    storage::UnpackedElf elf;
    FirmwareVersion version;
};

/// Finds exactly the ELF that made a core dump, or none.
class ElfFinder {
  public:
    /// Without `bucket`, bundles are only in folders. A bundle that is fetched may be as large as
    /// the largest ELF.
    ElfFinder(db::FirmwareVersions& versions, storage::FirmwareStore store, storage::ElfCache cache,
              std::uint64_t max_elf_bytes, FirmwareBucket* bucket = nullptr)
        : versions_(versions),
          store_(std::move(store)),
          cache_(std::move(cache)),
          max_elf_bytes_(max_elf_bytes),
          bucket_(bucket) {}

    /// The ELF that the core dump names. Its version does not matter (a crash from before an update
    /// is reported after it), nor whether another build of that version was uploaded since. If the
    /// core dump names none, the ELF of the version that the device claims. Throws db::Unavailable,
    /// os::StorageError and objects::Unavailable.
    std::variant<FoundElf, NoElf> find(const db::Claim& claim, const DumpFacts& facts);

  private:
    std::variant<FoundElf, NoElf> open_version(const db::Claim& claim,
                                               const FirmwareVersion& version);
    std::variant<FoundElf, NoElf> open(const db::Claim& claim, const FirmwareVersion& version,
                                       const std::optional<os::Descriptor>& bundle);
    /// From the bucket, unless it was fetched before.
    std::variant<FoundElf, NoElf> fetch(const db::Claim& claim, const FirmwareVersion& version,
                                        const std::string& object, const std::string& elf_sha256);
    void extract(const os::Descriptor& bundle, const ModelCode& code,
                 const storage::ElfCache::Sink& sink) const;
    /// Searches all of the model's bundles.
    std::optional<FoundElf> find_named(const db::Claim& claim, const std::string& prefix);

    db::FirmwareVersions& versions_;
    storage::FirmwareStore store_;
    storage::ElfCache cache_;
    std::uint64_t max_elf_bytes_;
    FirmwareBucket* bucket_;
};

}  // namespace coredepot::core
