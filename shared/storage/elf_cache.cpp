#include "storage/elf_cache.hpp"

#include <utility>

#include "os/durability.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"
#include "storage/fetch_turn.hpp"

namespace coredepot::storage {
namespace {

constexpr int kElfVersion = 1;
/// A fleet runs a handful of versions at a time. An ELF has 3 to 40 MB, and unpacking it takes
/// about 50 ms. The transfer folder may be on a small disk or in memory.
constexpr BoundedFolder::Limits kElfLimits{32, 268'435'456};  // 256 MiB

}  // namespace

ElfCache::ElfCache(const std::filesystem::path& transfer_folder)
    : cache_(transfer_folder / layout::kElfCache,
             {layout::kElfSuffix, kElfVersion, ContentCache::Trust::Checked, kElfLimits}) {}

UnpackedElf ElfCache::get(const os::Descriptor& bundle,
                          const std::function<void(const Sink&)>& extract) const {
    auto entry = cache_.find(bundle);
    if (!entry) entry = cache_.add(bundle, extract);
    return {std::move(entry->sha256), std::move(entry->file)};
}

std::optional<UnpackedElf> ElfCache::find(const std::string& sha256) const {
    auto entry = cache_.find(sha256);
    if (!entry) return std::nullopt;
    return UnpackedElf{std::move(entry->sha256), std::move(entry->file)};
}

UnpackedElf ElfCache::get(const std::string& sha256,
                          const std::function<void(const Sink&)>& extract) const {
    if (auto elf = find(sha256)) return *std::move(elf);
    try {
        // Beside the cache and not in it, because the cache would count the lock as one of its
        // files.
        FetchTurn turn(cache_.path().parent_path(), sha256);
        if (auto elf = find(sha256)) return *std::move(elf);
        std::optional<ContentCache::Entry> entry;
        turn.fetch([&] { entry = cache_.add(extract); });
        return {std::move(entry->sha256), std::move(entry->file)};
    } catch (const os::StorageError& error) {
        if (error.code() != std::errc::timed_out) throw;
        throw FetchFailed(error.what());
    }
}

const std::filesystem::path& ElfCache::scratch_folder() const {
    os::ensure_folder(cache_.path());
    return cache_.path();
}

}  // namespace coredepot::storage
