#include "storage/elf_cache.hpp"

#include <array>
#include <cerrno>

#include <unistd.h>

#include "log.hpp"
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

constexpr const char* kElfSuffix = ".elf";
/// A fleet runs a handful of versions at a time; an ELF has 3 to 40 MB, and unpacking one takes
/// some 50 ms. The transfer folder may be on a small disk, or in memory.
constexpr BoundedFolder::Limits kElfLimits{32, 268'435'456};  // 256 MiB

std::string sha256_of(const os::Descriptor& file) {
    Sha256 hash;
    os::read_pieces(
        file, [&](std::string_view piece) { hash.update(piece); }, "an unpacked ELF");
    return hash.hex();
}

}  // namespace

ElfCache::ElfCache(const fs::path& transfer_folder)
    : folder_(transfer_folder / kFolder, kElfLimits) {}

UnpackedElf ElfCache::get(const os::Descriptor& bundle,
                          const std::function<void(const Sink&)>& extract) const {
    const auto source = os::file_identity(bundle);
    if (auto elf = find(source)) return *std::move(elf);
    std::string sha256;
    auto file = folder_.add([&](const os::Descriptor& unfinished, const fs::path& path) {
        Sha256 hash;
        extract([&](std::string_view piece) {
            hash.update(piece);
            os::write_all(unfinished, piece, path);
        });
        sha256 = hash.hex();
        return sha256 + kElfSuffix;
    });
    remember(source, sha256 + kElfSuffix);
    return {sha256, std::move(file)};
}

std::optional<UnpackedElf> ElfCache::find(const std::string& source) const {
    std::error_code error;
    const auto name = fs::read_symlink(folder_.path() / source, error).filename();
    if (error || name.extension() != kElfSuffix) return std::nullopt;
    auto file = folder_.open(name);
    if (!file) return std::nullopt;
    auto sha256 = name.stem().string();
    if (sha256_of(*file) == sha256) return UnpackedElf{std::move(sha256), *std::move(file)};
    log::warning("an unpacked ELF was damaged", {{"path", (folder_.path() / name).string()}});
    os::remove_file(folder_.path() / name);
    return std::nullopt;
}

void ElfCache::remember(const std::string& source, const std::string& name) const {
    const auto unfinished =
        folder_.path() / (std::string(BoundedFolder::kUnfinished) + os::random_name());
    // Another process may drop the ELF and then remove links to nothing: not between these two.
    const auto lock = os::lock_folder(folder_.path());
    if (::symlink(name.c_str(), unfinished.c_str()) != 0) {
        throw os::StorageError("cannot link", unfinished);
    }
    os::rename_over(unfinished, folder_.path() / source);
}

}  // namespace coredepot::storage
