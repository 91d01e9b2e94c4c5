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

    /// By its SHA-256; empty when it is not here. Throws StorageError.
    std::optional<UnpackedElf> find(const std::string& sha256) const;
    /// What `extract` hands to the sink, of a bundle that is no file of this machine. Throws
    /// StorageError, and what `extract` throws.
    UnpackedElf add(const std::function<void(const Sink& sink)>& extract) const;
    /// Where what it is unpacked from may be meanwhile: as large as the cache. It is there. Throws
    /// StorageError.
    const std::filesystem::path& scratch_folder() const;

  private:
    ContentCache cache_;
};

}  // namespace coredepot::storage
