#include "storage/zip_archive.hpp"

#include <array>
#include <cstddef>

#include <unistd.h>
#include <zip.h>

namespace coredepot::storage {
namespace {

struct Discard {
    // Closing would write, and we only read.
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

/// More entries than any bundle has. An archive with a million entries is not worth listing.
constexpr zip_int64_t kMaxEntries = 1000;

std::string message(zip_error_t& error) {
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

}  // namespace

struct ZipArchive::Handle {
    std::unique_ptr<zip_t, Discard> archive;
};

ZipArchive::ZipArchive(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {
    auto* archive = handle_->archive.get();
    const auto count = zip_get_num_entries(archive, 0);
    if (count > kMaxEntries) throw ZipError("too many entries");
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        const auto index = static_cast<zip_uint64_t>(i);
        if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) != 0 || stat.name == nullptr) {
            throw ZipError("damaged directory");
        }
        const bool encrypted =
            (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE;
        const bool plainly_packed =
            stat.comp_method == ZIP_CM_STORE || stat.comp_method == ZIP_CM_DEFLATE;
        entries_.push_back({index, stat.name, encrypted, plainly_packed});
    }
}

ZipArchive::~ZipArchive() = default;
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;

ZipArchive ZipArchive::from_memory(std::string_view bytes) {
    return open(bytes, 0);
}

void ZipArchive::require_consistent(std::string_view bytes) {
    open(bytes, ZIP_CHECKCONS);
}

ZipArchive ZipArchive::open(std::string_view bytes, int flags) {
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source == nullptr) throw ZipError(message(error));
    auto handle = std::make_unique<Handle>();
    handle->archive.reset(zip_open_from_source(source, ZIP_RDONLY | flags, &error));
    if (!handle->archive) {
        zip_source_free(source);
        throw ZipError(message(error));
    }
    return ZipArchive(std::move(handle));
}

ZipArchive ZipArchive::from_file(const os::Descriptor& file) {
    // libzip closes the descriptor once the archive is open.
    const int copy = ::dup(file.get());
    int code = ZIP_ER_OK;
    auto handle = std::make_unique<Handle>();
    handle->archive.reset(zip_fdopen(copy, 0, &code));
    if (!handle->archive) {
        ::close(copy);
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        throw ZipError(message(error));
    }
    return ZipArchive(std::move(handle));
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    for (const auto& entry : entries_) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

void ZipArchive::extract(const ZipEntry& entry, std::uint64_t limit,
                         const std::function<void(std::string_view)>& sink) const {
    const std::unique_ptr<zip_file_t, CloseFile> file(
        zip_fopen_index(handle_->archive.get(), entry.index, 0));
    if (!file) throw ZipError(entry.name + " cannot be unpacked");
    std::array<char, 65'536> piece{};
    std::uint64_t total = 0;
    while (true) {
        const auto got = zip_fread(file.get(), piece.data(), piece.size());
        if (got < 0) throw ZipError(entry.name + " is damaged");
        if (got == 0) return;
        total += static_cast<std::uint64_t>(got);
        if (total > limit) throw ZipError(entry.name + " unpacks to too much");
        sink({piece.data(), static_cast<std::size_t>(got)});
    }
}

std::string ZipArchive::read(const ZipEntry& entry, std::uint64_t limit) const {
    std::string content;
    extract(entry, limit, [&](std::string_view piece) { content += piece; });
    return content;
}

}  // namespace coredepot::storage
