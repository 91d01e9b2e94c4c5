#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "domain/names.hpp"
#include "os/descriptor.hpp"
#include "storage/content_cache.hpp"

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

    /// The image with this SHA-256, wherever it is kept for good, so that a machine fetches it
    /// once: `fetch` is called when it is not in the cache, and hands the bytes, piece by piece, to
    /// the sink; false: it is not there. Of those who want one at once, one calls it, and the
    /// others wait. Empty when it is not there, or what was handed over is another image. Throws
    /// StorageError, what `fetch` throws, and FetchFailed when the one who was waited for did not
    /// get it.
    std::optional<Image> get(
        const ModelCode& code, const std::string& sha256,
        const std::function<bool(const ContentCache::Sink& sink)>& fetch) const;

    /// Removes images, those first that were fetched or unpacked first, until all models together
    /// take no more than so many bytes; none of the last ten minutes. Best effort and logged.
    void trim(std::uint64_t max_bytes) const noexcept;

    /// Best effort and logged.
    void remove_model(const ModelCode& code) const noexcept;

  private:
    ContentCache of_model(const ModelCode& code) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
