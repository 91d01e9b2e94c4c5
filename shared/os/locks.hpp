#pragma once

#include <filesystem>
#include <optional>

#include "os/descriptor.hpp"

/// Locks made with flock(2). A lock ends when the result goes out of scope or the process dies. All
/// throw StorageError on failure.
namespace coredepot::os {

/// Opens an existing file and locks it. Empty when there is no such file (any more), or when
/// another process holds its lock.
std::optional<Descriptor> try_lock_file(const std::filesystem::path& path);

/// Makes the file if it is missing, and waits until nobody else has it locked. The result is open
/// for reading and writing. Machines that share the file respect the lock, also over NFS.
Descriptor lock_file(const std::filesystem::path& path);

/// Waits until nobody else has the folder locked. The lock holds on this machine only: see
/// FileLock.
Descriptor lock_folder(const std::filesystem::path& folder);

}  // namespace coredepot::os
