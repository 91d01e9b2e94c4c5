#pragma once

#include <set>
#include <string>
#include <vector>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

/// Which debug information of `elf` is not read, and what to do about it, a sentence each: frames
/// and variables without names are not to be a riddle. `split_files` are the `.dwo` files that the
/// frames of the dump would need.
std::vector<std::string> missing_debug_information(const ApplicationElf& elf,
                                                   const std::set<std::string>& split_files);

}  // namespace coredepot::decoder
