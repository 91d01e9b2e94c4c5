#pragma once

#include <string>

#include "os/descriptor.hpp"

namespace coredepot::os {

/// Tells one state of one file from any other: a replaced file has another inode, and one that was
/// written to has another change time, which no program can set. `source-…`, good for a file name.
/// Not for files with changing hard links, since each link changes that time too.
std::string file_identity(const Descriptor& file);

}  // namespace coredepot::os
