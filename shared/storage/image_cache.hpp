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

/// A firmware image in the form that devices get.
struct Image {
    std::string sha256;         ///< of its bytes, 64 hex characters; also its ETag
    std::string relative_path;  ///< below the cache's root, for the web server that sends it
};

/// Images that were unpacked from a bundle or a flat image:
/// `ASSETS_DIR/.images/{code}/{sha256}.bin`, a ContentCache for each model. A file here never
/// changes. So a device that resumes a download by ranges never gets a mixture of two images,
/// whatever is uploaded meanwhile.
class ImageCache {
  public:
    explicit ImageCache(const std::filesystem::path& assets_dir);

    /// The image of `source`. If it is not in the cache, `unpack` is called. Throws StorageError,
    /// and what `unpack` throws.
    Image get(const ModelCode& code, const os::Descriptor& source,
              const std::function<std::string()>& unpack) const;

    /// The image with this SHA-256, which a machine fetches once from its permanent place. If it is
    /// not in the cache, `fetch` is called and passes the bytes to the sink, piece by piece; it
    /// returns false when there is no such image. If several processes want it at once, one calls
    /// `fetch` and the others wait. Empty when there is no such image, or when `fetch` delivered
    /// another one. Throws StorageError, what `fetch` throws, and FetchFailed when the process that
    /// we waited for failed.
    std::optional<Image> get(
        const ModelCode& code, const std::string& sha256,
        const std::function<bool(const ContentCache::Sink& sink)>& fetch) const;

    /// Removes images, the oldest first, until all models together hold at most `max_bytes`. Images
    /// of the last ten minutes stay. Best effort and logged.
    void trim(std::uint64_t max_bytes) const noexcept;

    /// Best effort and logged.
    void remove_model(const ModelCode& code) const noexcept;

  private:
    ContentCache of_model(const ModelCode& code) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
