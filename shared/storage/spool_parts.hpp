#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/spool_totals.hpp"

namespace coredepot::storage {

/// The folders of the spool, and how much is in them. A file `{device_key}-….spool` is in
/// `COREDUMPS_DIR/.spool/{xyz}/`, one of 4,096 parts: three hex characters, a hash of the device's
/// key. So a device's files are among few others, however many there are. A part exists while
/// something is in it. Files beside the parts, which an older version or a person put there, are
/// sorted in by the next import.
///
/// Files come and go under the lock of the totals. A name with a dot in front is not a core dump:
/// it is being written, or it is a link.
class SpoolParts {
  public:
    explicit SpoolParts(const std::filesystem::path& coredumps_dir);

    const std::filesystem::path& folder() const { return folder_; }
    const std::filesystem::path& quarantine() const { return quarantine_; }
    /// The place of a file of this name.
    std::filesystem::path path_of(const std::string& name) const;
    /// The key of the device in a file's name, if it is one of our names.
    static std::string device_of(const std::string& name);
    /// The part that an existing file is in.
    static std::size_t part_of(const std::filesystem::path& file);
    /// When it returns, the names in the part and the part's own name are on stable storage. Throws
    /// StorageError, but not when the part is gone: then everything in it has its rows.
    void sync(const std::filesystem::path& part) const;

    /// Takes the totals as they are; when they say nothing, measures the folders. Throws
    /// StorageError.
    SpoolTotals lock() const;
    /// Empty when the totals say nothing. Throws StorageError.
    std::optional<SpoolTotals> peek() const;
    FolderUsage measure_all() const;
    FolderUsage measure_quarantine() const;
    /// When a file was last put into quarantine or taken from it.
    Timestamp quarantine_changed() const;
    /// Sysadmins and fsck change quarantine, too. So the totals' figure for it counts only while
    /// the folder has not changed since. Throws StorageError.
    SpoolTotals::Watched quarantined(const SpoolTotals& totals) const;

    /// Corrects the totals of parts that no import reaches, and sorts in the files beside the
    /// parts. Throws StorageError.
    void prepare_import() const;
    /// Parts that exist, and parts that only the totals know of. Throws StorageError.
    std::vector<std::size_t> occupied() const;
    /// The names in a part, sorted. None when there is no such folder. Throws StorageError.
    std::vector<std::string> names(std::size_t part) const;
    /// Corrects the part's totals, and removes links to missing files and the part itself when it
    /// is empty. Throws StorageError.
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
