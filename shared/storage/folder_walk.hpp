#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "domain/time.hpp"

namespace coredepot::storage {

/// What is in a folder under one name; links are not followed.
struct FolderEntry {
    enum class Kind : std::uint8_t { File, Folder, Other };
    std::string name;
    Kind kind = Kind::Other;
    std::uint64_t size = 0;  ///< bytes
    /// Bytes of the disk that it takes: whole blocks. A file system that counts those later says
    /// too little, so at least its size.
    std::uint64_t on_disk = 0;
    /// When its content, or its name, was last changed: nobody can set the latter back.
    Timestamp changed;
    std::uint64_t inode = 0;
};

/// Looks at one entry after the other, in no order, with as much memory for a million as for one.
/// False when there is no such folder. What goes away meanwhile is passed over. Throws
/// StorageError, and what `see` does.
bool for_each_entry(const std::filesystem::path& folder,
                    const std::function<void(const FolderEntry&)>& see);

/// Empty when there is nothing of that name. Throws StorageError.
std::optional<FolderEntry> entry_at(const std::filesystem::path& path);

/// False when it is not empty, or cannot be removed for another reason.
bool remove_empty_folder(const std::filesystem::path& folder) noexcept;

}  // namespace coredepot::storage
