#pragma once

#include <cstdint>
#include <string>

namespace coredepot {

/// `1,234,567`, for people.
std::string with_thousands(std::uint64_t number);

}  // namespace coredepot
