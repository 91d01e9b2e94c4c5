#include "storage/open_images.hpp"

#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

OpenImages::OpenImages(const std::filesystem::path& assets_dir)
    : root_(assets_dir / layout::kImages) {}

std::optional<std::uint64_t> OpenImages::size(const Image& image) {
    const auto* const open = find(image);
    if (open == nullptr) return std::nullopt;
    return open->size;
}

std::optional<std::string> OpenImages::read(const Image& image, std::uint64_t first,
                                            std::uint64_t length) {
    const auto* const open = find(image);
    if (open == nullptr) return std::nullopt;
    return os::read_piece(open->file, first, length, root_ / image.relative_path);
}

const OpenImages::Open* OpenImages::find(const Image& image) {
    const auto found = std::ranges::find(images_, image.relative_path, &Open::relative_path);
    if (found != images_.end()) return &*found;
    const auto path = root_ / image.relative_path;
    auto file = os::open_existing(path);
    if (!file) return nullptr;
    struct stat status {};
    if (::fstat(file->get(), &status) != 0) throw os::StorageError("cannot look at", path);
    if (images_.size() == kMost) images_.pop_front();
    images_.push_back(
        {image.relative_path, std::move(*file), static_cast<std::uint64_t>(status.st_size)});
    return &images_.back();
}

}  // namespace coredepot::storage
