#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "storage/files.hpp"

namespace coredepot::storage {

/// The core dump and the ELF of one claim, as the sidecar finds them; gone with this object.
class StagedPair {
  public:
    StagedPair(std::filesystem::path folder, const std::string& stem);
    ~StagedPair();
    StagedPair(const StagedPair&) = delete;
    StagedPair& operator=(const StagedPair&) = delete;

    /// Bare file names.
    const std::string& core_name() const { return core_name_; }
    const std::string& elf_name() const { return elf_name_; }

    /// Each throws StorageError.
    void write_core(std::string_view bytes) const;
    /// `produce` hands the ELF's bytes, piece by piece, to the function that it gets.
    void write_elf(
        const std::function<void(const std::function<void(std::string_view)>&)>& produce) const;

    /// Before its time: once the sidecar has answered.
    void remove() const noexcept;

  private:
    std::filesystem::path folder_;
    std::string core_name_;
    std::string elf_name_;
};

/// The folder that parse-runner shares with the sidecar.
class TransferFolder {
  public:
    explicit TransferFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Names that no other claim has: `{coredump_id}-{lease}.dmp` and `.elf`. What dead claims of
    /// the same core dump left here is removed: whoever holds its lease knows them dead.
    StagedPair stage(std::int64_t coredump_id, const std::string& lease) const;

    /// Removes what is older than `age`; for leftovers whose core dump was deleted since. Best
    /// effort and logged.
    void sweep(std::chrono::seconds age) const noexcept;

  private:
    std::filesystem::path folder_;
};

}  // namespace coredepot::storage
