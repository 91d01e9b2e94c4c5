#pragma once

#include <cstddef>
#include <string>

namespace coredepot::auth {

/// From the kernel, fit for secrets; 256 at the most. Throws std::runtime_error when there are
/// none.
std::string random_bytes(std::size_t count);

/// 256 bits as base64url, 43 characters: nobody guesses it.
std::string random_text();

}  // namespace coredepot::auth
