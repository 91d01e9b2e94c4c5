#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"
#include "storage/bounded_folder.hpp"

namespace coredepot::storage {

/// An ELF, on disk by itself.
struct UnpackedElf {
    std::string sha256;   ///< of its bytes, 64 hex characters
    os::Descriptor file;  ///< open for reading, also when the cache has dropped it meanwhile
};

/// ELFs that were unpacked from their bundles once: `{sha256}.elf`, in a folder of the transfer
/// folder, on the file system on which the sidecar is given hard links to them.
///
/// What a bundle unpacks to is remembered by a symbolic link from the bundle's identity to the ELF;
/// a bundle that was replaced has another identity. That a file holds what it is named after is
/// checked at every use: the sidecar's user may be able to write to this folder.
class ElfCache {
  public:
    explicit ElfCache(const std::filesystem::path& transfer_folder);

    using Sink = std::function<void(std::string_view)>;
    /// The ELF of `bundle`; `extract` is called when it is not in the cache, and hands the bytes,
    /// piece by piece, to the sink. Throws StorageError, and what `extract` throws.
    UnpackedElf get(const os::Descriptor& bundle,
                    const std::function<void(const Sink& sink)>& extract) const;

    /// The transfer folder's own files do not start with a dot, and the sidecar accepts none such.
    static constexpr const char* kFolder = ".elf-cache";

  private:
    std::optional<UnpackedElf> find(const std::string& source) const;
    void remember(const std::string& source, const std::string& name) const;

    BoundedFolder folder_;
};

}  // namespace coredepot::storage
