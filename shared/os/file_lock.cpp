#include "os/file_lock.hpp"

#include <cerrno>
#include <thread>

#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

FileLock::FileLock(fs::path path, std::chrono::milliseconds patience) : path_(std::move(path)) {
    // flock(2) waits for ever, and an alarm would belong to the whole process. So we try now and
    // then.
    constexpr std::chrono::milliseconds kPause{5};
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        make_file(path_);
        if (auto locked = try_lock_file(path_)) {
            file_ = std::move(*locked);
            return;
        }
        if (std::chrono::steady_clock::now() >= end) {
            errno = ETIMEDOUT;
            throw StorageError("somebody else has", path_);
        }
        std::this_thread::sleep_for(kPause);
    }
}

FileLock::~FileLock() {
    // Remove it while we hold the lock: a process that opened it earlier then sees that the name is
    // gone.
    remove_file(path_);
}

}  // namespace coredepot::os
