#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "domain/time.hpp"

namespace coredepot::storage {

/// An entry of a folder. Links are not followed.
struct FolderEntry {
    enum class Kind : std::uint8_t { File, Folder, Other };
    std::string name;
    Kind kind = Kind::Other;
    std::uint64_t size = 0;  ///< bytes
    /// How many bytes of disk it takes, in whole blocks. Some file systems count blocks late, so
    /// this is at least `size`.
    std::uint64_t on_disk = 0;
    /// When its content or its name last changed. Nobody can set this back.
    Timestamp changed;
    std::uint64_t inode = 0;
};

/// Calls `see` for each entry, in no order. A million entries take no more memory than one. False
/// when there is no such folder. Entries that disappear meanwhile are skipped. Throws StorageError,
/// and what `see` throws.
bool for_each_entry(const std::filesystem::path& folder,
                    const std::function<void(const FolderEntry&)>& see);

/// Empty when nothing has that name. Throws StorageError.
std::optional<FolderEntry> entry_at(const std::filesystem::path& path);

/// False when it is not empty, or cannot be removed for another reason.
bool remove_empty_folder(const std::filesystem::path& folder) noexcept;

}  // namespace coredepot::storage
