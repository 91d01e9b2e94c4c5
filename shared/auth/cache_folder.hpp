#pragma once

#include <filesystem>

#include "config.hpp"

namespace coredepot::auth {

/// Where processes keep what an issuer says: as configured, else `coredepot-{uid}` in the temporary
/// folder, of which os::private_temporary_folder() makes sure: who may write there decides whose
/// tokens count.
std::filesystem::path cache_folder(const OidcConfig& config);

}  // namespace coredepot::auth
