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

/// A folder of files that can be made again, of which those are kept that were used last. Any
/// number of processes use one at once. ContentCache says how a cache is made of it.
///
/// Nothing is synced: a power cut may leave a file that is empty or cut off, so what is in one has
/// to tell whether it is whole, unless its writer syncs it.
class BoundedFolder {
  public:
    struct Limits {
        std::size_t files;
        std::uint64_t bytes;
        /// What was used since stays, however much there is.
        std::chrono::minutes spared{0};
    };

    /// The folder is made when the first file is written; its parent has to be there.
    BoundedFolder(std::filesystem::path folder, Limits limits)
        : folder_(std::move(folder)), limits_(limits) {}

    const std::filesystem::path& path() const { return folder_; }

    /// Opens a file for reading, and notes that it is used; empty when it is not there. Throws
    /// StorageError.
    std::optional<os::Descriptor> open(const std::string& name) const;
    /// The same, its content: at most `limit` bytes, more is a StorageError.
    std::optional<std::string> read(const std::string& name, std::uint64_t limit) const;

    /// A file appears under the name that `fill` returns, once it has written it; it replaces one
    /// of that name. Returns it, open for reading. With `link`, a symbolic link of that name leads
    /// to it. Throws StorageError, and what `fill` throws.
    os::Descriptor add(const std::function<std::string(const os::Descriptor& file,
                                                       const std::filesystem::path& path)>& fill,
                       const std::string& link = "") const;
    void write(const std::string& name, std::string_view bytes) const;

    /// Removes what is beyond the limits, what writers that died have left, and symbolic links to
    /// nothing or beyond four for each file. Best effort and logged.
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
