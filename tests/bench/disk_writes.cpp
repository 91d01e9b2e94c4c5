// disk_writes FOLDER PROCESSES SECONDS BYTES: what the file system can do of an upload's file work
// (file_work.hpp); the oldest of kKept files is removed each time. Prints, as JSON, how many of
// these a second and their latencies in milliseconds.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "file_work.hpp"
#include "latencies.hpp"

namespace {

namespace fs = std::filesystem;
using Clock = Latencies::Clock;

constexpr int kFolders = 8;        ///< devices that one process writes for, in turn
constexpr std::size_t kKept = 20;  ///< MAX_COREDUMPS' default

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

    void add(const std::string& bytes) {
        const auto number = files_.empty() ? 0 : files_.back() + 1;
        store(path_, std::to_string(number), bytes);
        files_.push_back(number);
        if (files_.size() <= kKept) return;
        evict(path_, std::to_string(files_.front()));
        files_.pop_front();
    }

  private:
    fs::path path_;
    std::deque<unsigned long long> files_;
};

Latencies write_until(Clock::time_point end, const fs::path& root, const std::string& bytes) {
    std::vector<Folder> folders;
    folders.reserve(kFolders);
    for (int i = 0; i < kFolders; ++i) folders.emplace_back(root / std::to_string(i));
    Latencies latencies;
    for (auto now = Clock::now(); now < end;) {
        folders[latencies.size() % kFolders].add(bytes);
        const auto done = Clock::now();
        latencies.add(done - now);
        now = done;
    }
    return latencies;
}

/// The child's work, its result through the pipe.
[[noreturn]] void run_child(int to_parent, Clock::time_point end, const fs::path& root,
                            const std::string& bytes) {
    try {
        const auto latencies = write_until(end, root, bytes).microseconds();
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

    Latencies latencies;
    for (auto* result : results) {
        std::uint32_t one = 0;
        while (std::fread(&one, sizeof(one), 1, result) == 1) {
            latencies.add(std::chrono::microseconds(one));
        }
        std::fclose(result);
    }
    const auto took = Clock::now() - started;
    for (int i = 0; i < processes; ++i) {
        int status = 0;
        require(::wait(&status), "wait");
        if (status != 0) return 1;
    }
    if (latencies.size() == 0) return 1;
    latencies.print(took);
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
