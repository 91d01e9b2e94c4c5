#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace coredepot::storage {

/// What several BoundedFolders may take together.
struct FolderBudget {
    std::uint64_t bytes;
    std::chrono::minutes spared{0};  ///< what was used since stays, however much there is
};

/// Removes from the folders in `root` those of their files with this suffix that were used first,
/// until the rest is within the budget. Best effort and logged.
void trim_folders(const std::filesystem::path& root, std::string_view suffix,
                  const FolderBudget& budget) noexcept;

}  // namespace coredepot::storage
