#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "db/firmware_versions.hpp"
#include "db/parse_queue.hpp"
#include "storage/firmware_store.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {

/// The ELF of one firmware bundle. Keeps the bundle open, so a replacement meanwhile changes
/// nothing.
class BundledElf {
  public:
    BundledElf(storage::ZipArchive archive, storage::ZipEntry entry, std::uint64_t max_bytes)
        : archive_(std::move(archive)), entry_(std::move(entry)), max_bytes_(max_bytes) {}

    /// Throws storage::ZipError.
    void extract(const std::function<void(std::string_view)>& sink) const {
        archive_.extract(entry_, max_bytes_, sink);
    }
    /// 64 hex characters. Throws storage::ZipError.
    std::string sha256() const;

  private:
    storage::ZipArchive archive_;
    storage::ZipEntry entry_;
    std::uint64_t max_bytes_;
};

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
    ElfFinder(db::FirmwareVersions& versions, storage::FirmwareStore store,
              std::uint64_t max_elf_bytes)
        : versions_(versions), store_(std::move(store)), max_elf_bytes_(max_elf_bytes) {}

    /// Throws db::Unavailable, storage::StorageError.
    std::variant<BundledElf, NoElf> find(const db::Claim& claim, std::string_view coredump);

  private:
    std::variant<BundledElf, NoElf> open(const db::Claim& claim, const FirmwareVersion& version);
    std::variant<BundledElf, NoElf> find_other(const db::Claim& claim, const std::string& prefix,
                                               const std::string& found_sha256);

    db::FirmwareVersions& versions_;
    storage::FirmwareStore store_;
    std::uint64_t max_elf_bytes_;
};

}  // namespace coredepot::core
