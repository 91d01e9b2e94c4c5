#pragma once

#include <filesystem>
#include <string>

#include "os/descriptor.hpp"

/// Whether what is on disk can be believed: not when somebody else may have written it.
namespace coredepot::os {

/// `{name}-{uid}` below the system's temporary folder, made with mode 0700 when it is missing.
/// Anybody may have made one of that name before us, so throws std::runtime_error unless it is a
/// folder of ours that nobody else may write to. `setting`: the variable by which a sysadmin names
/// another folder, for that text. Throws StorageError, too.
std::filesystem::path private_temporary_folder(const std::string& name, const std::string& setting);

/// Whether the file is a regular one that belongs to us or to root, and that not everybody may
/// write to. The group may: handlers run as several users.
bool is_file_of_ours(const Descriptor& file);

}  // namespace coredepot::os
