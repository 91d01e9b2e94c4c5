#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "domain/names.hpp"
#include "os/descriptor.hpp"

namespace coredepot::storage {

/// A firmware image as it is sent to devices.
struct Image {
    std::string sha256;         ///< of its bytes, 64 hex characters: its ETag
    std::string relative_path;  ///< below the cache's root, for the web server that sends it
};

/// Images that were unpacked once, from a bundle or a flat image:
/// `ASSETS_DIR/.images/{code}/{sha256}.bin`, a ContentCache for each model. A file here never
/// changes, so a device that resumes a download by ranges never gets a mixture of two images,
/// whatever is uploaded meanwhile.
class ImageCache {
  public:
    explicit ImageCache(const std::filesystem::path& assets_dir);

    /// The image of `source`; `unpack` is called when it is not in the cache. Throws StorageError,
    /// and what `unpack` throws.
    Image get(const ModelCode& code, const os::Descriptor& source,
              const std::function<std::string()>& unpack) const;

    /// Best effort and logged.
    void remove_model(const ModelCode& code) const noexcept;

  private:
    std::filesystem::path root_;
};

}  // namespace coredepot::storage
