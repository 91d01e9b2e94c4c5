#pragma once

#include <filesystem>

namespace coredepot::os {

/// Best effort: true when the file is gone afterwards, even if it never existed. A failure is
/// logged.
bool remove_file(const std::filesystem::path& path) noexcept;
/// The same for a folder and all that is in it. If something in it disappears, appears or cannot be
/// removed, the rest still goes. Does not follow links.
bool remove_tree(const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
