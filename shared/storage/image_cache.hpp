#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "domain/names.hpp"
#include "os/descriptor.hpp"

namespace coredepot::storage {

/// A firmware image as it is sent to devices.
struct Image {
    std::string sha256;         ///< of its bytes, 64 hex characters: its ETag
    std::string relative_path;  ///< below the cache's root, for the web server that sends it
};

/// Images that were unpacked once: `ASSETS_DIR/.images/{code}/{sha256}.bin`. A file here is named
/// after its content and never changes, so a device that resumes a download by ranges never gets a
/// mixture of two images, whatever is uploaded meanwhile.
///
/// What a source file (a bundle, a flat image) unpacks to is remembered by a symbolic link from the
/// source's identity to the image; a source that was replaced has another identity.
class ImageCache {
  public:
    explicit ImageCache(const std::filesystem::path& assets_dir) : root_(assets_dir / kFolder) {}

    /// The image of `source`; `unpack` is called when it is not in the cache. Throws StorageError,
    /// and what `unpack` throws.
    Image get(const ModelCode& code, const os::Descriptor& source,
              const std::function<std::string()>& unpack) const;

    /// Best effort and logged.
    void remove_model(const ModelCode& code) const noexcept;

    /// No model code starts with a dot.
    static constexpr const char* kFolder = ".images";

  private:
    std::optional<Image> find(const ModelCode& code, const std::string& source) const;
    Image add(const ModelCode& code, const std::string& source, const std::string& bytes) const;
    void remove_stale(const ModelCode& code) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
