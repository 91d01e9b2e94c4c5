#pragma once

#include <filesystem>
#include <string>

#include "http/request.hpp"

namespace coredepot::parse_service {

/// The file in `folder` that a parameter of the request names; it need not be there. A bare name,
/// so that no path leads out, and of a file itself, which a symbolic link, a folder or a pipe is
/// not. Throws core::ValidationFailed.
std::filesystem::path staged_file(const http::Request& request, const std::filesystem::path& folder,
                                  const char* parameter);

/// The core dump at `path`. Throws core::NotFound; Undecodable when it is larger than any core
/// dump.
std::string read_coredump(const std::filesystem::path& path);

/// The file of signature rules at `path`, as its bytes. Throws core::NotFound, and
/// core::ValidationFailed when it is larger than any rules.
std::string read_rules(const std::filesystem::path& path);

}  // namespace coredepot::parse_service
