#include "storage/image_cache.hpp"

#include <chrono>
#include <functional>
#include <map>

#include <unistd.h>

#include "os/durability.hpp"
#include "os/file_identity.hpp"
#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr const char* kImageSuffix = ".bin";

}  // namespace

Image ImageCache::get(const ModelCode& code, const os::Descriptor& source,
                      const std::function<std::string()>& unpack) const {
    const auto key = os::file_identity(source);
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
    os::ensure_folder(root_);
    os::ensure_folder(folder);
    // Durable before it is named: an empty file under that name, after a power cut, would be sent.
    const auto temporary_image = folder / (".new-" + os::random_name());
    os::write_durably(temporary_image, bytes);
    // One process at a time gives names and sweeps, so that none removes what another is linking.
    const auto lock = os::lock_folder(folder);
    os::rename_over(temporary_image, folder / filename);
    const auto temporary_link = folder / (".new-" + os::random_name());
    if (::symlink(filename.c_str(), temporary_link.c_str()) != 0) {
        throw os::StorageError("cannot link", temporary_link);
    }
    os::rename_over(temporary_link, folder / source);
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
        if (newer++ >= kKept && written < young) os::remove_file(path);
    }
    for (const auto& entry : fs::directory_iterator(root_ / code.str(), error)) {
        if (entry.is_symlink(error) && !entry.exists(error)) os::remove_file(entry.path());
    }
}

void ImageCache::remove_model(const ModelCode& code) const noexcept {
    os::remove_tree(root_ / code.str());
}

}  // namespace coredepot::storage
