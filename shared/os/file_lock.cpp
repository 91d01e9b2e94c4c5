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
    // flock(2) waits without an end, and an alarm is the process's: so it is asked now and then.
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
    // While it is locked: whoever opened it before finds that it is not the one of that name.
    remove_file(path_);
}

}  // namespace coredepot::os
