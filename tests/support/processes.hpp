#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace coredepot::test {

/// The processes that `ancestor` started, and those that they started, and so on: pid and program.
std::map<int, std::filesystem::path> descendants(int ancestor);

/// What a process says of itself in place of its first argument, as PostgreSQL's and nginx's do:
/// `postgres: walwriter`. Empty when it is gone.
std::string process_title(int pid);

}  // namespace coredepot::test
