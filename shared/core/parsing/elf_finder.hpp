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

/// Finds the ELF that a core dump was made by: exactly that one, or none.
class ElfFinder {
  public:
    ElfFinder(db::FirmwareVersions& versions, storage::FirmwareStore store, storage::ElfCache cache,
              std::uint64_t max_elf_bytes)
        : versions_(versions),
          store_(std::move(store)),
          cache_(std::move(cache)),
          max_elf_bytes_(max_elf_bytes) {}

    /// The ELF of the version that the device said. Both throw db::Unavailable,
    /// os::StorageError.
    std::variant<storage::UnpackedElf, NoElf> find_claimed(const db::Claim& claim);
    /// The ELF that the core dump names, in whichever of the model's bundles it is; `claimed`,
    /// which is the one that the device said, where it names none.
    std::variant<storage::UnpackedElf, NoElf> find_named(const db::Claim& claim,
                                                         const DumpFacts& facts,
                                                         storage::UnpackedElf claimed);

  private:
    std::variant<storage::UnpackedElf, NoElf> open(const db::Claim& claim,
                                                   const FirmwareVersion& version);
    std::variant<storage::UnpackedElf, NoElf> find_other(const db::Claim& claim,
                                                         const std::string& prefix,
                                                         const std::string& found_sha256);

    db::FirmwareVersions& versions_;
    storage::FirmwareStore store_;
    storage::ElfCache cache_;
    std::uint64_t max_elf_bytes_;
};

}  // namespace coredepot::core
