#pragma once

#include <string>

#include "config.hpp"

/// Files that a bucket's configuration names.
namespace coredepot::objects {

/// S3_SECRET_ACCESS_KEY, or the content of S3_SECRET_ACCESS_KEY_FILE. Throws ConfigError.
std::string secret_access_key(const S3Config& config);

/// Throws ConfigError when such a file is empty or cannot be read. So a bad configuration shows
/// before handlers restart with it.
void require_readable_files(const S3Config& config);

}  // namespace coredepot::objects
