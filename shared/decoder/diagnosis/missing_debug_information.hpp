#pragma once

#include <set>
#include <string>
#include <vector>

#include "decoder/elf/application_elf.hpp"

namespace coredepot::decoder {

/// Sentences on debug information of `elf` that is not read, and what to do about it, so that
/// frames and variables without names are no mystery. `split_files` are the `.dwo` files that the
/// dump's frames would need.
std::vector<std::string> missing_debug_information(const ApplicationElf& elf,
                                                   const std::set<std::string>& split_files);

}  // namespace coredepot::decoder
