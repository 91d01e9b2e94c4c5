#pragma once

#include <filesystem>
#include <string>

#include "http/request.hpp"

namespace coredepot::parse_service {

/// The path in `folder` of the file that a request's parameter names. The file need not exist. It
/// must be a bare name, so that no path leads out of the folder, and not a symbolic link, a folder
/// or a pipe. Throws core::ValidationFailed.
std::filesystem::path staged_file(const http::Request& request, const std::filesystem::path& folder,
                                  const char* parameter);

/// Reads the core dump at `path`. Throws core::NotFound, and Undecodable when the file is larger
/// than any core dump.
std::string read_coredump(const std::filesystem::path& path);

/// Reads the file of signature rules at `path`. Throws core::NotFound, and core::ValidationFailed
/// when it is larger than any rules.
std::string read_rules(const std::filesystem::path& path);

}  // namespace coredepot::parse_service
