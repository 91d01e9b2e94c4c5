#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "os/descriptor.hpp"
#include "storage/content_cache.hpp"

namespace coredepot::storage {

/// An ELF, on disk by itself.
struct UnpackedElf {
    std::string sha256;   ///< of its bytes, 64 hex characters
    os::Descriptor file;  ///< open for reading, also when the cache has dropped it meanwhile
};

/// ELFs that were unpacked from their bundles once: `{sha256}.elf`, in a folder of the transfer
/// folder, on the file system on which the sidecar is given hard links to them. Each is checked at
/// every use: the sidecar's user may be able to write to this folder.
class ElfCache {
  public:
    explicit ElfCache(const std::filesystem::path& transfer_folder);

    using Sink = ContentCache::Sink;
    /// The ELF of `bundle`; `extract` is called when it is not in the cache, and hands the bytes,
    /// piece by piece, to the sink. Throws StorageError, and what `extract` throws.
    UnpackedElf get(const os::Descriptor& bundle,
                    const std::function<void(const Sink& sink)>& extract) const;

    /// The ELF with this SHA-256, of a bundle that is no file of this machine: `extract` is called
    /// when it is not in the cache. Of those who want one at once, one calls it, and the others
    /// wait. It may hand over another ELF, which is returned to the one who called it. Throws
    /// StorageError, what `extract` throws, and FetchFailed when the one who was waited for did not
    /// get it, or is at it still.
    UnpackedElf get(const std::string& sha256,
                    const std::function<void(const Sink& sink)>& extract) const;
    /// Where what it is unpacked from may be meanwhile: as large as the cache. It is there. Throws
    /// StorageError.
    const std::filesystem::path& scratch_folder() const;

  private:
    std::optional<UnpackedElf> find(const std::string& sha256) const;

    ContentCache cache_;
};

}  // namespace coredepot::storage
