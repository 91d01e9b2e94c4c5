#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "os/descriptor.hpp"
#include "storage/content_cache.hpp"

namespace coredepot::storage {

/// An ELF as a file of its own.
struct UnpackedElf {
    std::string sha256;   ///< of its bytes, 64 hex characters
    os::Descriptor file;  ///< open for reading, even if the cache drops the file
};

/// Keeps ELFs that were unpacked from their bundles as `{sha256}.elf` inside the transfer folder,
/// on the file system from which the sidecar gets hard links. Each ELF is checked at every use,
/// because the sidecar's user may be able to write to this folder.
class ElfCache {
  public:
    explicit ElfCache(const std::filesystem::path& transfer_folder);

    using Sink = ContentCache::Sink;
    /// The ELF of `bundle`. If it is not in the cache, `extract` is called and passes the bytes to
    /// the sink, piece by piece. Throws StorageError, and what `extract` throws.
    UnpackedElf get(const os::Descriptor& bundle,
                    const std::function<void(const Sink& sink)>& extract) const;

    /// The ELF with this SHA-256, from a bundle that is not a file on this machine. If it is not in
    /// the cache, `extract` is called. If several processes want it at once, one calls `extract`
    /// and the others wait. `extract` may deliver another ELF, which only its caller gets. Throws
    /// StorageError, what `extract` throws, and FetchFailed when the process that we waited for
    /// failed or is still at it.
    UnpackedElf get(const std::string& sha256,
                    const std::function<void(const Sink& sink)>& extract) const;
    /// An existing folder for the source while it is unpacked. The source may be as large as the
    /// cache. Throws StorageError.
    const std::filesystem::path& scratch_folder() const;

  private:
    std::optional<UnpackedElf> find(const std::string& sha256) const;

    ContentCache cache_;
};

}  // namespace coredepot::storage
