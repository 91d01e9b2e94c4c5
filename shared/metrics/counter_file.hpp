#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>

#include "metrics/truncation_guard.hpp"
#include "os/descriptor.hpp"

namespace coredepot::metrics {

/// A file as others find it: its path, and which one it was that was mapped.
struct MappedFile {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t inode = 0;
};

/// Mapped memory that holds a row of 64-bit counters.
class CounterMemory {
  public:
    /// Owns the mapping `start` of `length` bytes; the counters begin after `header` bytes. `file`
    /// is what was mapped; without one it is this process' alone.
    CounterMemory(void* start, std::size_t length, std::size_t header,
                  std::optional<MappedFile> file)
        : start_(start),
          length_(length),
          header_(header),
          file_(std::move(file)),
          guard_(std::make_unique<TruncationGuard>(start, length)) {}
    ~CounterMemory();
    CounterMemory(CounterMemory&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)),
          length_(other.length_),
          header_(other.header_),
          file_(std::move(other.file_)),
          guard_(std::move(other.guard_)) {}
    CounterMemory& operator=(CounterMemory&&) = delete;

    std::span<std::uint64_t> cells() const;

    /// Whether nobody else can see it: there is no file, or it was shortened (TruncationGuard).
    bool is_private() const;
    /// Whether it is in the very file that others find at its path now, in its full length.
    bool is_shared() const;

  private:
    void* start_;
    std::size_t length_;
    std::size_t header_;
    std::optional<MappedFile> file_;
    std::unique_ptr<TruncationGuard> guard_;
};

/// Of this process alone, all zero.
CounterMemory private_memory(std::size_t cells);

/// A file of counters that processes share: a header that says which counters these are, then the
/// counters in the machine's own byte order. On one machine only: mapped memory is not shared over
/// NFS.
class CounterFile {
  public:
    /// `layout` describes the `cells` counters; each layout has a file of its own, so that programs
    /// of two versions do not take each other's counters for theirs.
    CounterFile(std::filesystem::path folder, std::string_view layout, std::size_t cells);

    /// Makes the file when it is missing; whoever starts at the same time maps the same one. One
    /// that is not what it should be is set aside (`….bad-…`, logged). Throws StorageError.
    CounterMemory map() const;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::optional<os::Descriptor> open_good() const;
    bool is_good(const os::Descriptor& file) const;
    void create() const;
    void set_aside() const;

    std::filesystem::path folder_;
    std::filesystem::path path_;
    std::string header_;
    std::size_t cells_;
};

}  // namespace coredepot::metrics
