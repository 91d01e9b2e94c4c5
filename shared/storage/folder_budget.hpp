#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace coredepot::storage {

/// How much several BoundedFolders may hold together.
struct FolderBudget {
    std::uint64_t bytes;
    std::chrono::minutes spared{0};  ///< files used this recently stay, however many there are
};

/// Removes files with this suffix from the folders in `root`, those least recently used first,
/// until the rest fits the budget. Best effort and logged.
void trim_folders(const std::filesystem::path& root, std::string_view suffix,
                  const FolderBudget& budget) noexcept;

}  // namespace coredepot::storage
