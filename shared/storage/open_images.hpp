#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "os/descriptor.hpp"
#include "storage/image_cache.hpp"

namespace coredepot::storage {

/// Keeps the images open that were read last: a fleet downloads one or two at a time. A file of
/// ImageCache never changes, so an open file stays right even after the cache has dropped it.
class OpenImages {
  public:
    explicit OpenImages(const std::filesystem::path& assets_dir);

    /// In bytes; empty when the cache has dropped the image. Throws StorageError.
    std::optional<std::uint64_t> size(const Image& image);
    /// Reads these bytes, which must be within the file. Empty when the cache has dropped the
    /// image.
    std::optional<std::string> read(const Image& image, std::uint64_t first, std::uint64_t length);

  private:
    struct Open {
        std::string relative_path;
        os::Descriptor file;
        std::uint64_t size;
    };
    /// Null when there is no such image.
    const Open* find(const Image& image);

    static constexpr std::size_t kMost = 4;

    std::filesystem::path root_;
    std::deque<Open> images_;  ///< the one opened last is at the end
};

}  // namespace coredepot::storage
