#pragma once

#include <filesystem>

#include "config.hpp"

namespace coredepot::auth {

/// Where processes keep an issuer's answers: the configured folder, or else `coredepot-{uid}` in
/// the temporary folder. os::private_temporary_folder() checks that one, because whoever can write
/// there decides whose tokens count.
std::filesystem::path cache_folder(const OidcConfig& config);

}  // namespace coredepot::auth
