#pragma once

#include <filesystem>

#include "config.hpp"

namespace coredepot::auth {

/// `coredepot-{uid}` below the system's temporary folder, made with mode 0700 when it is missing.
/// Anybody may have made one of that name before us, and who may write there decides whose tokens
/// count: throws std::runtime_error unless it is a folder of ours that nobody else may write to.
std::filesystem::path private_temporary_folder();

/// Where processes keep what an issuer says: as configured, else private_temporary_folder().
std::filesystem::path cache_folder(const OidcConfig& config);

}  // namespace coredepot::auth
