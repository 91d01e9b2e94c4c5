#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "db/firmware_versions.hpp"
#include "db/parse_queue.hpp"
#include "domain/dump_facts.hpp"
#include "storage/elf_cache.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

/// Why there is no ELF for a core dump: a sentence, and no attempt helps before other firmware is
/// uploaded.
struct NoElf {
    std::string reason;
    /// How the right ELF's SHA-256 starts, where a bundle of any version may hold it.
    std::optional<std::string> sha256_prefix = std::nullopt;
};

/// An ELF, and the version of the bundle that it is of.
struct FoundElf {
    storage::UnpackedElf elf;
    FirmwareVersion version;
};

/// Finds the ELF that a core dump was made by: exactly that one, or none.
class ElfFinder {
  public:
    ElfFinder(db::FirmwareVersions& versions, storage::FirmwareStore store, storage::ElfCache cache,
              std::uint64_t max_elf_bytes)
        : versions_(versions),
          store_(std::move(store)),
          cache_(std::move(cache)),
          max_elf_bytes_(max_elf_bytes) {}

    /// The ELF that the core dump names, whatever version its device claims (a crash of before an
    /// update is reported after it), and also if another build of that version was uploaded since.
    /// Where it names none, that of the version that the device claims. Throws db::Unavailable,
    /// os::StorageError.
    std::variant<FoundElf, NoElf> find(const db::Claim& claim, const DumpFacts& facts);

  private:
    std::variant<FoundElf, NoElf> open_version(const db::Claim& claim,
                                               const FirmwareVersion& version);
    std::variant<FoundElf, NoElf> open(const db::Claim& claim, const FirmwareVersion& version,
                                       const std::optional<os::Descriptor>& bundle);
    /// In whichever of the model's bundles it is.
    std::optional<FoundElf> find_named(const db::Claim& claim, const std::string& prefix);

    db::FirmwareVersions& versions_;
    storage::FirmwareStore store_;
    storage::ElfCache cache_;
    std::uint64_t max_elf_bytes_;
};

}  // namespace coredepot::core
