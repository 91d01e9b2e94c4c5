#include "storage/elf_cache.hpp"

#include <utility>

#include "storage/disk_layout.hpp"

namespace coredepot::storage {
namespace {

constexpr int kElfVersion = 1;
/// A fleet runs a handful of versions at a time; an ELF has 3 to 40 MB, and unpacking one takes
/// some 50 ms. The transfer folder may be on a small disk, or in memory.
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

}  // namespace coredepot::storage
