#include "storage/image_cache.hpp"

#include <chrono>
#include <limits>

#include "os/durability.hpp"
#include "os/removal.hpp"
#include "storage/content_cache.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {
namespace {

constexpr int kImageVersion = 1;
/// Of a model. A request that was answered with a path a moment ago must still find the file.
constexpr BoundedFolder::Limits kImageLimits{8, std::numeric_limits<std::uint64_t>::max(),
                                             std::chrono::minutes(10)};

}  // namespace

ImageCache::ImageCache(const std::filesystem::path& assets_dir)
    : root_(assets_dir / layout::kImages) {}

Image ImageCache::get(const ModelCode& code, const os::Descriptor& source,
                      const std::function<std::string()>& unpack) const {
    const ContentCache cache(root_ / code.str(), {layout::kImageSuffix, kImageVersion,
                                                  ContentCache::Trust::Synced, kImageLimits});
    auto entry = cache.find(source);
    if (!entry) {
        const auto bytes = unpack();
        os::ensure_folder(root_);
        entry = cache.add(source, [&](const ContentCache::Sink& sink) { sink(bytes); });
    }
    return {entry->sha256, code.str() + '/' + entry->name};
}

void ImageCache::remove_model(const ModelCode& code) const noexcept {
    os::remove_tree(root_ / code.str());
}

}  // namespace coredepot::storage
