#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace coredepot::storage {

/// Names this COREDUMPS_DIR, wherever it is mounted: 32 hex characters in its file .store-id, which
/// the first one who asks makes. Hosts that share the folder share the name, and a backup keeps it.
/// Empty, and logged, when it can neither be read nor made.
std::optional<std::string> store_id(const std::filesystem::path& coredumps_dir) noexcept;

}  // namespace coredepot::storage
