#pragma once

#include <cstddef>
#include <span>

namespace coredepot::decoder {

/// Throws an Undecodable that names the kind of file if `bytes` are something that people mistake
/// for a core dump or pack one into: a ZIP archive, gzip, an application's image.
void refuse_other_files(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
