// disk_writes FOLDER PROCESSES SECONDS BYTES: what the file system can do of an upload's file work,
// as DumpStore does it: temporary file in the device's folder, write, label, fsync, rename, fsync
// of the folder; and the oldest of kKept files is removed. Prints, as JSON, how many of these a
// second and their latencies in milliseconds.
//
// Keep it in step with shared/storage/dump_store.cpp: the limit is of the very same syncs.

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kFolders = 8;        ///< devices that one process writes for, in turn
constexpr std::size_t kKept = 20;  ///< MAX_COREDUMPS' default

int require(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

void sync_and_close(int fd) {
    require(::fsync(fd), "fsync");
    require(::close(fd), "close");
}

/// A device's folder; its files are numbered in the order of their writing.
class Folder {
  public:
    explicit Folder(fs::path path) : path_(std::move(path)) {
        fs::create_directories(path_);
        for (const auto& entry : fs::directory_iterator(path_)) {
            files_.push_back(std::stoull(entry.path().filename()));
        }
        std::sort(files_.begin(), files_.end());
    }

    void store(const std::string& bytes) {
        const auto number = files_.empty() ? 0 : files_.back() + 1;
        const auto file = path_ / std::to_string(number);
        const auto temporary = path_ / ".upload";
        const int fd = require(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640), "open");
        if (require(static_cast<int>(::write(fd, bytes.data(), bytes.size())), "write") !=
            static_cast<int>(bytes.size())) {
            throw std::runtime_error("short write");
        }
        // Where the file system has none, it costs nothing there either.
        constexpr std::string_view kLabel = "1/esp32c3/thermostat/1.4.2/";
        static_cast<void>(::fsetxattr(fd, "user.coredepot", kLabel.data(), kLabel.size(), 0));
        sync_and_close(fd);
        require(::rename(temporary.c_str(), file.c_str()), "rename");
        sync_and_close(
            require(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open folder"));
        files_.push_back(number);
        if (files_.size() <= kKept) return;
        require(::unlink((path_ / std::to_string(files_.front())).c_str()), "unlink");
        files_.pop_front();
    }

  private:
    fs::path path_;
    std::deque<unsigned long long> files_;
};

/// Latencies in microseconds.
std::vector<std::uint32_t> write_until(Clock::time_point end, const fs::path& root,
                                       const std::string& bytes) {
    std::vector<Folder> folders;
    folders.reserve(kFolders);
    for (int i = 0; i < kFolders; ++i) folders.emplace_back(root / std::to_string(i));
    std::vector<std::uint32_t> latencies;
    for (auto now = Clock::now(); now < end;) {
        folders[latencies.size() % kFolders].store(bytes);
        const auto done = Clock::now();
        latencies.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(done - now).count()));
        now = done;
    }
    return latencies;
}

/// The child's work, its result through the pipe.
[[noreturn]] void run_child(int to_parent, Clock::time_point end, const fs::path& root,
                            const std::string& bytes) {
    try {
        const auto latencies = write_until(end, root, bytes);
        FILE* out = ::fdopen(to_parent, "wb");
        const bool sent = std::fwrite(latencies.data(), sizeof(latencies[0]), latencies.size(),
                                      out) == latencies.size();
        std::_Exit(std::fclose(out) == 0 && sent ? 0 : 1);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "disk_writes: %s\n", error.what());
        std::_Exit(1);
    }
}

int run(const fs::path& root, int processes, double seconds, std::size_t size) {
    const std::string bytes(size, 'x');
    const auto started = Clock::now();
    const auto end = started + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(seconds));
    std::vector<FILE*> results;
    for (int i = 0; i < processes; ++i) {
        std::array<int, 2> ends{};
        require(::pipe2(ends.data(), O_CLOEXEC), "pipe");
        if (require(::fork(), "fork") == 0) {
            run_child(ends[1], end, root / std::to_string(i), bytes);
        }
        ::close(ends[1]);
        results.push_back(::fdopen(ends[0], "rb"));
    }

    std::vector<std::uint32_t> latencies;
    for (auto* result : results) {
        std::uint32_t one = 0;
        while (std::fread(&one, sizeof(one), 1, result) == 1) latencies.push_back(one);
        std::fclose(result);
    }
    const std::chrono::duration<double> took = Clock::now() - started;
    for (int i = 0; i < processes; ++i) {
        int status = 0;
        require(::wait(&status), "wait");
        if (status != 0) return 1;
    }
    if (latencies.empty()) return 1;
    std::sort(latencies.begin(), latencies.end());
    const auto milliseconds = [&](std::size_t percent) {
        return latencies[(latencies.size() - 1) * percent / 100] / 1000.0;
    };
    std::printf("{\"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f}\n",
                static_cast<double>(latencies.size()) / took.count(), milliseconds(50),
                milliseconds(99));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: disk_writes FOLDER PROCESSES SECONDS BYTES\n");
        return 2;
    }
    try {
        return run(argv[1], std::stoi(argv[2]), std::stod(argv[3]), std::stoul(argv[4]));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "disk_writes: %s\n", error.what());
        return 1;
    }
}
