#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"
#include "storage/bounded_folder.hpp"

namespace coredepot::storage {

/// How caches work here
/// --------------------
/// A cache is a BoundedFolder: it keeps the files that were used last, and a lost file is simply
/// made again. Any number of processes fill it at once. Each writes under a name of its own,
/// renames the file when it is complete, and sweeps. Only renaming and sweeping take a lock.
///
/// Two things can be wrong with a cached file, and each has one answer:
///
/// - It was made from another source, or by another rule. So its name says from what it was made,
///   and by which version of the rule. A new version finds nothing and makes its own, and programs
///   of two versions, as during an upgrade, do not disturb each other.
/// - Its content is not what was written, because of a power cut, a bad disk or a person. Some
///   caches check a file at every use (the ELF cache by its SHA-256, the index cache by a checksum
///   in the file), and then need not sync it. Where others read files without checking (nginx sends
///   an image), the file is synced before it gets its name. A file that is damaged or unreadable is
///   made again.
///
/// The subtle part is that source and content have separate names. A ContentCache names a file
/// after its content, `{sha256}{suffix}`. For each source file, a symbolic link
/// `{file_identity}-v{version} → {sha256}{suffix}` remembers the result. So two sources with the
/// same content share a file. A file never changes under its name, so a download that is resumed
/// continues with the same bytes. And a replaced source is just another source, so nothing ever has
/// to be invalidated.
class ContentCache {
  public:
    enum class Trust : std::uint8_t {
        /// The file's SHA-256 is computed at every use. The files used last are kept.
        Checked,
        /// The file is synced before it gets its name. The files written last are kept: a use must
        /// not change a file's time, because a web server shows that to clients.
        Synced,
    };
    struct Rules {
        std::string_view suffix;
        /// Raise it when the same source should give another content.
        int version;
        Trust trust;
        BoundedFolder::Limits limits;
    };
    ContentCache(std::filesystem::path folder, const Rules& rules)
        : folder_(std::move(folder), rules.limits), rules_(rules) {}

    struct Entry {
        std::string sha256;   ///< of the content, 64 hex characters
        std::string name;     ///< in the folder
        os::Descriptor file;  ///< open for reading, even if the cache drops the file
    };
    /// What was made from `source`; empty when it is not here or damaged. A damaged file is removed
    /// and logged.
    std::optional<Entry> find(const os::Descriptor& source) const;

    /// The same by content, whatever it was made from. `sha256` has 64 hex characters.
    std::optional<Entry> find(const std::string& sha256) const;

    using Sink = std::function<void(std::string_view)>;
    /// Stores what `make` passes to the sink, piece by piece, as made from `source`. Throws
    /// StorageError, and what `make` throws.
    Entry add(const os::Descriptor& source, const std::function<void(const Sink&)>& make) const;
    /// The same without a source, for example when that is on another machine. Only the content
    /// finds it.
    Entry add(const std::function<void(const Sink&)>& make) const;

    const std::filesystem::path& path() const { return folder_.path(); }

  private:
    std::string link_of(const os::Descriptor& source) const;
    std::optional<Entry> find_file(const std::filesystem::path& name) const;
    Entry add(const std::function<void(const Sink&)>& make, const std::string& link) const;

    BoundedFolder folder_;
    Rules rules_;
};

}  // namespace coredepot::storage
