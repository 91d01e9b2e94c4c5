#pragma once

#include <array>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>

#include <sys/inotify.h>
#include <unistd.h>

namespace coredepot::test {

/// Sees which files are made or touched in a folder from now on, also those that are gone again.
class FolderWatch {
  public:
    explicit FolderWatch(const std::filesystem::path& folder)
        : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        ::inotify_add_watch(fd_, folder.c_str(), IN_CREATE | IN_ATTRIB | IN_MODIFY | IN_MOVED_TO);
    }
    ~FolderWatch() { ::close(fd_); }
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    /// Their names, so far.
    std::set<std::string> seen() const {
        std::set<std::string> names;
        std::array<char, 65'536> bytes{};
        for (ssize_t size = 0; (size = ::read(fd_, bytes.data(), bytes.size())) > 0;) {
            for (ssize_t at = 0; at < size;) {
                inotify_event event{};
                std::memcpy(&event, bytes.data() + at, sizeof event);
                names.emplace(bytes.data() + at + sizeof event);
                at += static_cast<ssize_t>(sizeof event + event.len);
            }
        }
        return names;
    }

  private:
    int fd_;
};

}  // namespace coredepot::test
