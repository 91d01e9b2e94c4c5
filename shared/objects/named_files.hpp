#pragma once

#include <string>

#include "config.hpp"

/// What the configuration of a bucket has in files of its own.
namespace coredepot::objects {

/// S3_SECRET_ACCESS_KEY, or what S3_SECRET_ACCESS_KEY_FILE holds. Throws ConfigError.
std::string secret_access_key(const S3Config& config);

/// Throws ConfigError when such a file cannot be read, or has nothing in it: before handlers are
/// told to start with that.
void require_readable_files(const S3Config& config);

}  // namespace coredepot::objects
