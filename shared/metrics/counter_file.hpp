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

/// A file as others find it: its path, and which file we mapped.
struct MappedFile {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t inode = 0;
};

/// Mapped memory that holds a row of 64-bit counters.
class CounterMemory {
  public:
    /// Takes over the mapping of `length` bytes at `start`. The counters begin after `header`
    /// bytes. `file` is the file that was mapped; without one, the memory is this process's own.
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

    /// Whether no other process sees it: there is no file, or it was shortened (TruncationGuard).
    bool is_private() const;
    /// Whether others find this very file at its path, in its full length.
    bool is_shared() const;

  private:
    void* start_;
    std::size_t length_;
    std::size_t header_;
    std::optional<MappedFile> file_;
    std::unique_ptr<TruncationGuard> guard_;
};

/// Memory of this process alone, all zero.
CounterMemory private_memory(std::size_t cells);

/// A file of counters that processes share: a header that identifies the counters, then the
/// counters in the machine's byte order. It works on one machine only, because mapped memory is not
/// shared over NFS.
class CounterFile {
  public:
    /// `layout` describes the `cells` counters. Each layout has its own file, so that programs of
    /// two versions do not mix up their counters.
    CounterFile(std::filesystem::path folder, std::string_view layout, std::size_t cells);

    /// Makes a missing file; processes that start at the same time map the same one. A bad file is
    /// set aside (`….bad-…`) and logged. Throws StorageError.
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
