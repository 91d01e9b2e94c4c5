#include "storage/image_cache.hpp"

#include <chrono>
#include <limits>

#include "os/durability.hpp"
#include "os/removal.hpp"
#include "storage/content_cache.hpp"
#include "storage/disk_layout.hpp"
#include "storage/fetch_turn.hpp"
#include "storage/folder_budget.hpp"

namespace coredepot::storage {
namespace {

constexpr int kImageVersion = 1;
/// For each model. A request that has just been answered with a path must still find the file.
constexpr BoundedFolder::Limits kImageLimits{8, std::numeric_limits<std::uint64_t>::max(),
                                             std::chrono::minutes(10)};

}  // namespace

ImageCache::ImageCache(const std::filesystem::path& assets_dir)
    : root_(assets_dir / layout::kImages) {}

ContentCache ImageCache::of_model(const ModelCode& code) const {
    return {root_ / code.str(),
            {layout::kImageSuffix, kImageVersion, ContentCache::Trust::Synced, kImageLimits}};
}

Image ImageCache::get(const ModelCode& code, const os::Descriptor& source,
                      const std::function<std::string()>& unpack) const {
    const auto cache = of_model(code);
    auto entry = cache.find(source);
    if (!entry) {
        const auto bytes = unpack();
        os::ensure_folder(root_);
        entry = cache.add(source, [&](const ContentCache::Sink& sink) { sink(bytes); });
    }
    return {entry->sha256, code.str() + '/' + entry->name};
}

std::optional<Image> ImageCache::get(
    const ModelCode& code, const std::string& sha256,
    const std::function<bool(const ContentCache::Sink&)>& fetch) const {
    struct NotThere {};
    const auto cache = of_model(code);
    const auto found = [&](const ContentCache::Entry& entry) {
        return Image{entry.sha256, code.str() + '/' + entry.name};
    };
    if (const auto entry = cache.find(sha256)) return found(*entry);
    os::ensure_folder(root_);
    FetchTurn turn(root_, sha256);
    if (const auto entry = cache.find(sha256)) return found(*entry);
    std::optional<Image> image;
    turn.fetch([&] {
        try {
            const auto entry = cache.add([&](const ContentCache::Sink& sink) {
                if (!fetch(sink)) throw NotThere();
            });
            if (entry.sha256 == sha256) image = found(entry);
        } catch (const NotThere&) {
            return;
        }
    });
    return image;
}

void ImageCache::trim(std::uint64_t max_bytes) const noexcept {
    trim_folders(root_, layout::kImageSuffix, {max_bytes, kImageLimits.spared});
}

void ImageCache::remove_model(const ModelCode& code) const noexcept {
    os::remove_tree(root_ / code.str());
}

}  // namespace coredepot::storage
