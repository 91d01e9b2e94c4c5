#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

namespace coredepot::storage {

/// The core dump, the ELF and perhaps the signature rules of one claim, as the sidecar finds them;
/// gone with this object.
class StagedFiles {
  public:
    StagedFiles(std::filesystem::path folder, const std::string& stem);
    ~StagedFiles();
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;

    /// Bare file names.
    const std::string& core_name() const { return core_name_; }
    const std::string& elf_name() const { return elf_name_; }
    const std::string& rules_name() const { return rules_name_; }

    /// Each throws StorageError. The core dump first: by its age a leftover is known.
    void write_core(std::string_view bytes) const;
    /// A hard link to `elf`, open for reading from its start; a copy where there can be none.
    /// (A core dump is always copied: the sidecar's user must not get at the one that is kept.)
    void put_elf(const os::Descriptor& elf) const;
    void write_rules(std::string_view json) const;

    /// Before its time: once the sidecar has answered.
    void remove() const noexcept;

  private:
    std::filesystem::path folder_;
    std::string core_name_;
    std::string elf_name_;
    std::string rules_name_;
};

/// The folder that parse-runner shares with the sidecar.
class TransferFolder {
  public:
    explicit TransferFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Names that no other claim has: `{coredump_id}-{lease}.dmp`, `.elf` and
    /// `.rules`. What dead claims of
    /// the same core dump left here is removed: whoever holds its lease knows them dead.
    StagedFiles stage(std::int64_t coredump_id, const std::string& lease) const;

    /// Removes what is older than `age`; for leftovers whose core dump was deleted since. An ELF,
    /// whose times are those of all its links, is as old as the core dump beside it, and left over
    /// without one. Best effort and logged.
    void sweep(std::chrono::seconds age) const noexcept;

  private:
    std::filesystem::path folder_;
};

}  // namespace coredepot::storage
