#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/spool_totals.hpp"

namespace coredepot::storage {

/// The folders of the spool, and how much is in them. A file `{device_key}-….spool` is in
/// `COREDUMPS_DIR/.spool/{xyz}/`, one of 4,096 parts: three hex characters that the device's key is
/// hashed to. So a device's files are among few others, however many there are. A part is there
/// while something is in it. What lies beside the parts, as all did once, and what was put back
/// from quarantine does, is sorted in by the next import.
///
/// Files come and go under the lock of the totals. Where a name begins with a dot, it is of no core
/// dump: of one that is being written, or a link.
class SpoolParts {
  public:
    explicit SpoolParts(const std::filesystem::path& coredumps_dir);

    const std::filesystem::path& folder() const { return folder_; }
    const std::filesystem::path& quarantine() const { return quarantine_; }
    /// Where a file of this name belongs.
    std::filesystem::path path_of(const std::string& name) const;
    /// The key of the device that a file of this name is of, when it is one of ours.
    static std::string device_of(const std::string& name);
    /// Of what is there.
    static std::size_t part_of(const std::filesystem::path& file);
    /// The names in a part are on stable storage when this returns, and so is the part's. Throws
    /// StorageError, but not where the part is gone: then all that was in it has its rows.
    void sync(const std::filesystem::path& part) const;

    /// As the totals are, or where they say nothing, as the folders are. Throws StorageError.
    SpoolTotals lock() const;
    /// Empty when they say nothing. Throws StorageError.
    std::optional<SpoolTotals> peek() const;
    FolderUsage measure_all() const;
    FolderUsage measure_quarantine() const;
    /// When something was last put into it or taken from it.
    Timestamp quarantine_changed() const;
    /// Sysadmins put into quarantine and take from it, and so does fsck: what the totals say of it
    /// counts as long as the folder has not changed since. Throws StorageError.
    SpoolTotals::Watched quarantined(const SpoolTotals& totals) const;

    /// Sets right what the totals have wrong of parts that nobody comes to, and sorts in what lies
    /// beside the parts. Throws StorageError.
    void prepare_import() const;
    /// Those that are there, and those that only the totals know of. Throws StorageError.
    std::vector<std::size_t> occupied() const;
    /// The names in a part, sorted. None when there is no such folder. Throws StorageError.
    std::vector<std::string> names(std::size_t part) const;
    /// Sets the part's totals right, and removes links whose files are gone, and the part itself
    /// when it is empty. Throws StorageError.
    void tidy(std::size_t part) const;

  private:
    std::filesystem::path folder_of(std::size_t part) const;
    FolderUsage measure(std::size_t part) const;
    void measure_anew() const;
    void sort_in() const;
    void sort_in(const std::vector<std::string>& names) const;

    std::filesystem::path folder_;
    std::filesystem::path quarantine_;
    std::filesystem::path totals_;
};

}  // namespace coredepot::storage
