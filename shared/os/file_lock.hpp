#pragma once

#include <chrono>
#include <filesystem>

#include "os/descriptor.hpp"

namespace coredepot::os {

/// A lock made of a file. Machines that share a folder respect it, also over NFS, where a lock on
/// the folder itself holds on one machine only. If the holder is killed, the file stays, but the
/// lock is free.
class FileLock {
  public:
    /// Makes the file and waits until nobody else has the lock. The folder must exist. Throws
    /// StorageError, with ETIMEDOUT when that takes longer than `patience`.
    FileLock(std::filesystem::path path, std::chrono::milliseconds patience);
    /// Removes the file.
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
