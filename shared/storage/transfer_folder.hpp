#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

namespace coredepot::storage {

/// The files of one claim for the sidecar: the core dump, the ELF, and perhaps signature rules.
/// They go when this object goes.
class StagedFiles {
  public:
    StagedFiles(std::filesystem::path folder, const std::string& stem);
    ~StagedFiles();
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;

    /// Bare filenames.
    const std::string& core_name() const { return core_name_; }
    const std::string& elf_name() const { return elf_name_; }
    const std::string& rules_name() const { return rules_name_; }

    /// All throw StorageError. Write the core dump first: its age identifies leftovers.
    void write_core(std::string_view bytes) const;
    /// Makes a hard link to `elf`, which must be open for reading, or a copy where that is
    /// impossible. (A core dump is always copied: the sidecar's user must not reach the stored
    /// one.)
    void put_elf(const os::Descriptor& elf) const;
    void write_rules(std::string_view json) const;

    /// Removes the files early, once the sidecar has answered.
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

    /// Names files that no other claim has: `{coredump_id}-{lease}.dmp`, `.elf` and `.rules`.
    /// Removes files of earlier claims on the same core dump: only the holder of its lease calls
    /// this, so those claims are dead.
    StagedFiles stage(std::int64_t coredump_id, const std::string& lease) const;

    /// Removes files older than `age`, which are left over when their core dump was deleted. An
    /// ELF's times are those of all its hard links, so it counts as old as the core dump beside it,
    /// and as left over without one. Best effort and logged.
    void sweep(std::chrono::seconds age) const noexcept;

  private:
    std::filesystem::path folder_;
};

}  // namespace coredepot::storage
