#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "domain/time.hpp"
#include "os/descriptor.hpp"

namespace coredepot::storage {

/// The contents of one or several folders.
struct FolderUsage {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  ///< on the disk: whole blocks
    bool operator==(const FolderUsage&) const = default;
};

/// How much is in quarantine and in each part of the spool, in a file of 64 KiB. Without it, one
/// would have to look into the folders, which takes a second for a million files. All machines that
/// share the folder share the file, and count under its lock.
///
/// It is never synced, and a process that is killed may have counted files that are not there. So
/// the figures are at worst a little too high, except after a power cut. Whoever looks into a part
/// corrects its figures.
class SpoolTotals {
  public:
    using Measure = std::function<FolderUsage(std::size_t part)>;

    /// Locks the file until this object goes. A missing or invalid file is made by measuring each
    /// of the `parts`. Throws StorageError.
    SpoolTotals(const std::filesystem::path& file, std::size_t parts, const Measure& measure);
    /// Reads it without the lock; empty when it says nothing. Throws StorageError.
    static std::optional<SpoolTotals> peek(const std::filesystem::path& file, std::size_t parts);

    FolderUsage of(std::size_t part) const;
    /// The sum of all parts.
    FolderUsage sum() const;

    void set(std::size_t part, const FolderUsage& usage);
    /// Counts one more file, or one less.
    void add(std::size_t part, std::uint64_t bytes);
    void subtract(std::size_t part, std::uint64_t bytes);

    /// A folder that others change, too: its content at its last change. The caller compares the
    /// moments.
    struct Watched {
        Timestamp changed;
        FolderUsage usage;
    };
    Watched quarantine() const;
    void set_quarantine(const Watched& quarantine);

    /// When all parts were last measured.
    Timestamp measured_at() const;
    void set_measured_at(Timestamp at);

  private:
    SpoolTotals(os::Descriptor file, std::size_t parts) : file_(std::move(file)), parts_(parts) {}
    bool read(const std::filesystem::path& path);
    void write(std::size_t first, std::size_t count);

    os::Descriptor file_;
    std::size_t parts_;
    std::vector<std::uint64_t> numbers_;
};

}  // namespace coredepot::storage
