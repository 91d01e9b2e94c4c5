#pragma once

#include <cstddef>
#include <string>

namespace coredepot::auth {

/// Random bytes from the kernel, fit for secrets; at most 256. Throws std::runtime_error when there
/// are none.
std::string random_bytes(std::size_t count);

/// 256 random bits as base64url, 43 characters, which nobody can guess.
std::string random_text();

}  // namespace coredepot::auth
