#pragma once

#include <filesystem>
#include <map>

namespace coredepot::test {

/// The processes that `ancestor` started, and those that they started, and so on: pid and program.
std::map<int, std::filesystem::path> descendants(int ancestor);

}  // namespace coredepot::test
