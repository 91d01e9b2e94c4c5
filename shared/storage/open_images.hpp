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

/// The images that pieces were last read of, kept open: a fleet downloads one or two at a time. A
/// file of ImageCache never changes, so that one which is open is right even after the cache has
/// dropped it.
class OpenImages {
  public:
    explicit OpenImages(const std::filesystem::path& assets_dir);

    /// In bytes; empty when the cache has dropped it. Throws StorageError.
    std::optional<std::uint64_t> size(const Image& image);
    /// These bytes, which are in the file. Empty as above.
    std::optional<std::string> read(const Image& image, std::uint64_t first, std::uint64_t length);

  private:
    struct Open {
        std::string relative_path;
        os::Descriptor file;
        std::uint64_t size;
    };
    /// Null when it is not there.
    const Open* find(const Image& image);

    static constexpr std::size_t kMost = 4;

    std::filesystem::path root_;
    std::deque<Open> images_;  ///< the one that was opened last comes last
};

}  // namespace coredepot::storage
