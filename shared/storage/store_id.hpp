#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace coredepot::storage {

/// The name of this COREDUMPS_DIR, wherever it is mounted: 32 hex characters in its file .store-id,
/// made at the first call. Hosts that share the folder share the name, and a backup keeps it.
/// Empty, and logged, when it can be neither read nor made.
std::optional<std::string> store_id(const std::filesystem::path& coredumps_dir) noexcept;

}  // namespace coredepot::storage
