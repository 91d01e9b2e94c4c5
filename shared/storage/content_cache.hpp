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
/// A cache is a BoundedFolder: it keeps the files that were used last, and what it loses is made
/// again. Any number of processes fill it at once; each writes under a name of its own, renames
/// when it is done, and sweeps. Only renames and sweeps need a lock.
///
/// Two things can be wrong with a cached file, and each has one answer:
///
/// - It was made from something else, or by another rule. So its name says what it was made from
///   and by which version of the rule; a new version finds nothing and makes its own. Programs of
///   two versions, as during an upgrade, do not disturb each other.
/// - It is not what was written: a power cut, a disk, a hand. So it is either checked at every use
///   (the ELF cache by its SHA-256, the index cache by a checksum in the file), and then nothing
///   needs to be synced; or, where others read it without asking (nginx sends an image), it is
///   synced before it gets its name. What fails the check, or cannot be read, is made again.
///
/// The subtle part is that "made from" and "content" are two names. A ContentCache names a file
/// after its content, `{sha256}{suffix}`, and remembers by a symbolic link what a source file gave,
/// `{file_identity}-v{version} → {sha256}{suffix}`. Two sources with the same content share a file;
/// a file never changes under its name, so who resumes a download gets the rest of the same bytes;
/// and a source that was replaced is simply another source, so nothing is ever invalidated.
class ContentCache {
  public:
    enum class Trust : std::uint8_t {
        /// The file's SHA-256 is computed at every use. Those that were used last are kept.
        Checked,
        /// The file is synced before it is named. Those that were written last are kept: a use
        /// leaves no trace, because a web server tells clients a file's time.
        Synced,
    };
    struct Rules {
        std::string_view suffix;
        /// Goes up when the same source is to give another content.
        int version;
        Trust trust;
        BoundedFolder::Limits limits;
    };
    ContentCache(std::filesystem::path folder, const Rules& rules)
        : folder_(std::move(folder), rules.limits), rules_(rules) {}

    struct Entry {
        std::string sha256;   ///< of the content, 64 hex characters
        std::string name;     ///< in the folder
        os::Descriptor file;  ///< open for reading, also when the cache has dropped it meanwhile
    };
    /// What `source` gave; empty when it is not here, or damaged. A damaged file is removed and
    /// logged.
    std::optional<Entry> find(const os::Descriptor& source) const;

    /// By its content, whatever it was made from: `sha256` of 64 hex characters. Empty likewise.
    std::optional<Entry> find(const std::string& sha256) const;

    using Sink = std::function<void(std::string_view)>;
    /// Keeps what `make` hands to the sink, piece by piece, as the content of `source`. Throws
    /// StorageError, and what `make` throws.
    Entry add(const os::Descriptor& source, const std::function<void(const Sink&)>& make) const;
    /// The same, to be found by its content alone, as where the source is on another machine.
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
