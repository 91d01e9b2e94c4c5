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

/// What is in a folder, or in several.
struct FolderUsage {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  ///< of the disk: whole blocks
    bool operator==(const FolderUsage&) const = default;
};

/// How much is in each part of the spool, and in quarantine, in a file of 64 KiB, so that nobody
/// has to look into the folders to know: with a million files there, that takes a second. All
/// machines that share the folder share it, and count under its lock.
///
/// It is never synced, and whoever is killed may have counted what is not there. So the figures are
/// a little too high at worst, but after a power cut, and whoever has looked into a part sets its
/// figures right.
class SpoolTotals {
  public:
    using Measure = std::function<FolderUsage(std::size_t part)>;

    /// Ours until it goes out of scope. A file that is missing, or is none of ours, is made by
    /// measuring each of the `parts`. Throws StorageError.
    SpoolTotals(const std::filesystem::path& file, std::size_t parts, const Measure& measure);
    /// As it is at the moment, whoever has it; empty when it says nothing. Throws StorageError.
    static std::optional<SpoolTotals> peek(const std::filesystem::path& file, std::size_t parts);

    FolderUsage of(std::size_t part) const;
    /// Of all parts together.
    FolderUsage sum() const;

    void set(std::size_t part, const FolderUsage& usage);
    /// One file more, or less.
    void add(std::size_t part, std::uint64_t bytes);
    void subtract(std::size_t part, std::uint64_t bytes);

    /// A folder that others than us put into and take from: what was in it when it was changed
    /// last, at a moment that is the caller's to compare.
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
