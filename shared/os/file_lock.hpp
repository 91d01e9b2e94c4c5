#pragma once

#include <chrono>
#include <filesystem>

#include "os/descriptor.hpp"

namespace coredepot::os {

/// A lock that is a file's: machines that share a folder respect it, also over NFS, where the lock
/// of a folder is one machine's own. Whoever has it can be killed; the file that then stays is
/// nobody's, and the next one's.
class FileLock {
  public:
    /// Waits until nobody else has it, and makes the file; its folder has to be there. Throws
    /// StorageError, ETIMEDOUT when that takes longer than `patience`.
    FileLock(std::filesystem::path path, std::chrono::milliseconds patience);
    /// The file goes with it.
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    FileLock(FileLock&&) = delete;
    FileLock& operator=(FileLock&&) = delete;

  private:
    std::filesystem::path path_;
    Descriptor file_;
};

}  // namespace coredepot::os
