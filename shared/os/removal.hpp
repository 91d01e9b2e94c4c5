#pragma once

#include <filesystem>

namespace coredepot::os {

/// Best effort: true when it is gone afterwards, also when it was not there; a failure is logged.
bool remove_file(const std::filesystem::path& path) noexcept;
/// So is all that is in it: what goes away, comes or cannot be removed meanwhile keeps nothing else
/// from being removed. Links are not followed.
bool remove_tree(const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
