#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// `core_dump`, `panic_text`, for both forms of a report.
std::string_view source_name(Source source);

/// `v3.1`, a chip's revision from major * 100 + minor.
std::string revision_text(std::uint32_t revision);

}  // namespace coredepot::decoder
