#pragma once

#include <filesystem>
#include <optional>

#include "os/descriptor.hpp"

/// Locks by flock(2), which end with whoever holds them: the result goes out of scope, or the
/// process dies. What fails throws a StorageError.
namespace coredepot::os {

/// Opens an existing file and locks it. Empty when there is no such file (any more), or another
/// process has it locked.
std::optional<Descriptor> try_lock_file(const std::filesystem::path& path);

/// Waits until nobody else has the file locked, which is made when it is missing; open for reading
/// and writing. Other machines that share the file respect it, also over NFS.
Descriptor lock_file(const std::filesystem::path& path);

/// Waits until nobody else has the folder locked. One machine's own: see FileLock.
Descriptor lock_folder(const std::filesystem::path& folder);

}  // namespace coredepot::os
