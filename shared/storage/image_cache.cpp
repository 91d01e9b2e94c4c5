#include "storage/image_cache.hpp"

#include <chrono>
#include <functional>
#include <map>

#include <unistd.h>

#include "os/file_identity.hpp"
#include "sha256.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr const char* kImageSuffix = ".bin";

}  // namespace

Image ImageCache::get(const ModelCode& code, const Descriptor& source,
                      const std::function<std::string()>& unpack) const {
    const auto key = file_identity(source);
    if (auto image = find(code, key)) return *image;
    return add(code, key, unpack());
}

std::optional<Image> ImageCache::find(const ModelCode& code, const std::string& source) const {
    std::error_code error;
    const auto target = fs::read_symlink(root_ / code.str() / source, error);
    if (error || !fs::is_regular_file(root_ / code.str() / target, error)) return std::nullopt;
    return Image{target.stem().string(), code.str() + '/' + target.string()};
}

Image ImageCache::add(const ModelCode& code, const std::string& source,
                      const std::string& bytes) const {
    const auto folder = root_ / code.str();
    const auto sha256 = sha256_hex(bytes);
    const auto filename = sha256 + kImageSuffix;
    ensure_folder(root_);
    ensure_folder(folder);
    // Durable before it is named: an empty file under that name, after a power cut, would be sent.
    const auto temporary_image = folder / (".new-" + random_name());
    write_durably(temporary_image, bytes);
    // One process at a time gives names and sweeps, so that none removes what another is linking.
    const auto lock = lock_folder(folder);
    rename_over(temporary_image, folder / filename);
    const auto temporary_link = folder / (".new-" + random_name());
    if (::symlink(filename.c_str(), temporary_link.c_str()) != 0) {
        throw StorageError("cannot link", temporary_link);
    }
    rename_over(temporary_link, folder / source);
    remove_stale(code);
    return {sha256, code.str() + '/' + filename};
}

void ImageCache::remove_stale(const ModelCode& code) const {
    // A request that was answered with a path a moment ago must still find the file: the newest few
    // stay, and so does everything young, such as an image that another process is writing.
    constexpr std::size_t kKept = 8;
    const auto young = fs::file_time_type::clock::now() - std::chrono::minutes(10);
    std::error_code error;
    std::multimap<fs::file_time_type, fs::path, std::greater<>> images;
    for (const auto& entry : fs::directory_iterator(root_ / code.str(), error)) {
        if (entry.is_symlink(error)) continue;
        // Listed, and renamed by its writer before we asked: it has no time, which is not old.
        const auto written = entry.last_write_time(error);
        if (!error) images.emplace(written, entry.path());
    }
    std::size_t newer = 0;
    for (const auto& [written, path] : images) {
        if (newer++ >= kKept && written < young) remove_file(path);
    }
    for (const auto& entry : fs::directory_iterator(root_ / code.str(), error)) {
        if (entry.is_symlink(error) && !entry.exists(error)) remove_file(entry.path());
    }
}

void ImageCache::remove_model(const ModelCode& code) const noexcept {
    remove_tree(root_ / code.str());
}

}  // namespace coredepot::storage
