#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"

namespace coredepot::storage {

/// A folder of files that can be made again. It keeps those that were used last. Any number of
/// processes may use it at once. ContentCache turns it into a cache.
///
/// Nothing is synced, so a power cut may leave a file empty or cut off. Either the writer syncs a
/// file, or the reader must be able to tell from its content whether it is whole.
class BoundedFolder {
  public:
    struct Limits {
        std::size_t files;
        std::uint64_t bytes;
        /// Files that were used this recently stay, however many there are.
        std::chrono::minutes spared{0};
    };

    /// The folder is made with the first file; its parent must exist.
    BoundedFolder(std::filesystem::path folder, Limits limits)
        : folder_(std::move(folder)), limits_(limits) {}

    const std::filesystem::path& path() const { return folder_; }

    /// Opens a file for reading and notes that it was used; empty when it does not exist. Throws
    /// StorageError.
    std::optional<os::Descriptor> open(const std::string& name) const;
    /// Reads such a file; more than `limit` bytes are a StorageError.
    std::optional<std::string> read(const std::string& name, std::uint64_t limit) const;

    /// Lets `fill` write a file, and puts it under the name that `fill` returns; it replaces a file
    /// of that name. Returns it, open for reading. `link`, if given, becomes a symbolic link to it.
    /// Throws StorageError, and what `fill` throws.
    os::Descriptor add(const std::function<std::string(const os::Descriptor& file,
                                                       const std::filesystem::path& path)>& fill,
                       const std::string& link = "") const;
    void write(const std::string& name, std::string_view bytes) const;

    /// Removes what exceeds the limits, what dead writers have left, symbolic links to nothing, and
    /// all but four links to each file. Best effort and logged.
    void trim() const;

  private:
    std::filesystem::path unfinished() const;
    void link_locked(const std::string& name, const std::string& link) const;
    void trim_locked() const;
    void trim_links_locked(const std::vector<std::filesystem::path>& links) const;

    std::filesystem::path folder_;
    Limits limits_;
};

}  // namespace coredepot::storage
