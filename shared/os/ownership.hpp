#pragma once

#include <filesystem>
#include <string>

#include "os/descriptor.hpp"

/// Whether we can trust what is on disk. We cannot when somebody else may have written it.
namespace coredepot::os {

/// The folder `{name}-{uid}` below the system's temporary folder; made with mode 0700 when it is
/// missing. Anybody may have made a folder of that name before us, so this throws
/// std::runtime_error unless it is ours and nobody else may write to it. `setting` is the variable
/// that names another folder, for that error. Also throws StorageError.
std::filesystem::path private_temporary_folder(const std::string& name, const std::string& setting);

/// Whether the file is a regular file that belongs to us or to root and is not writable for
/// everybody. The group may write: handlers run as several users.
bool is_file_of_ours(const Descriptor& file);

}  // namespace coredepot::os
