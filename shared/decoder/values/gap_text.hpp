#pragma once

#include <string>

#include "decoder/values/contents.hpp"

namespace coredepot::decoder {

/// What is shown for a value that is not known: `<optimized out>`.
std::string gap_text(Gap gap);

}  // namespace coredepot::decoder
