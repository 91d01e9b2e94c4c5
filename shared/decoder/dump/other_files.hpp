#pragma once

#include <cstddef>
#include <span>

namespace coredepot::decoder {

/// Throws an Undecodable that names what `bytes` are, where that is a file that people take for a
/// core dump, or put one in: a ZIP archive, what gzip makes, the image of an application.
void refuse_other_files(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
