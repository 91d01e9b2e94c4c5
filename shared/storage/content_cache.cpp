#include "storage/content_cache.hpp"

#include "log.hpp"
#include "os/durability.hpp"
#include "os/file_identity.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

std::string sha256_of(const os::Descriptor& file, const fs::path& path) {
    Sha256 hash;
    os::read_pieces(
        file, [&](std::string_view piece) { hash.update(piece); }, path);
    return hash.hex();
}

}  // namespace

std::string ContentCache::link_of(const os::Descriptor& source) const {
    return os::file_identity(source) + "-v" + std::to_string(rules_.version);
}

std::optional<ContentCache::Entry> ContentCache::find(const os::Descriptor& source) const {
    std::error_code error;
    // Take only the name, so that a link to another folder is not followed.
    const auto name = fs::read_symlink(path() / link_of(source), error).filename();
    if (error || name.extension() != fs::path(rules_.suffix)) return std::nullopt;
    return find_file(name);
}

std::optional<ContentCache::Entry> ContentCache::find(const std::string& sha256) const {
    return find_file(sha256 + std::string(rules_.suffix));
}

std::optional<ContentCache::Entry> ContentCache::find_file(const fs::path& name) const {
    const auto file_path = path() / name;
    try {
        const bool checked = rules_.trust == Trust::Checked;
        auto file = checked ? folder_.open(name) : os::open_existing(file_path);
        if (!file) return std::nullopt;
        if (!checked || sha256_of(*file, file_path) == name.stem()) {
            return Entry{name.stem(), name, *std::move(file)};
        }
        log::warning("a cached file was damaged", {{"path", file_path.string()}});
    } catch (const os::StorageError& unreadable) {
        log::warning("a cached file cannot be read", {{"error", unreadable.what()}});
    }
    os::remove_file(file_path);
    return std::nullopt;
}

ContentCache::Entry ContentCache::add(const os::Descriptor& source,
                                      const std::function<void(const Sink&)>& make) const {
    return add(make, link_of(source));
}

ContentCache::Entry ContentCache::add(const std::function<void(const Sink&)>& make) const {
    return add(make, std::string());
}

ContentCache::Entry ContentCache::add(const std::function<void(const Sink&)>& make,
                                      const std::string& link) const {
    std::string sha256;
    std::string name;
    auto file = folder_.add(
        [&](const os::Descriptor& unfinished, const fs::path& path) {
            Sha256 hash;
            make([&](std::string_view piece) {
                hash.update(piece);
                os::write_all(unfinished, piece, path);
            });
            if (rules_.trust == Trust::Synced) os::sync_file(unfinished, path);
            sha256 = hash.hex();
            name = sha256 + std::string(rules_.suffix);
            return name;
        },
        link);
    return {std::move(sha256), std::move(name), std::move(file)};
}

}  // namespace coredepot::storage
