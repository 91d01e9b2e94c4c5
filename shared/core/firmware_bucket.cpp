#include "core/firmware_bucket.hpp"

#include "log.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "sha256.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;

void FirmwareBucket::put(const ModelCode& code, std::string_view bundle, std::string_view image,
                         db::FirmwareVersionRecord& record) {
    const FirmwareObject of_image{FirmwareObject::Kind::Image, code, sha256_hex(image)};
    put(of_image, image);
    record.image_object = of_image.key();
    if (bundle.empty()) return;
    const FirmwareObject of_bundle{FirmwareObject::Kind::Bundle, code, sha256_hex(bundle)};
    put(of_bundle, bundle);
    record.bundle_object = of_bundle.key();
}

std::string FirmwareBucket::put_for_a_while(FirmwareObject::Kind kind, const ModelCode& code,
                                            std::string_view bytes) {
    const FirmwareObject object{kind, code, sha256_hex(bytes)};
    auto key = object.key();
    rows_.note_dropped(key);
    put(object, bytes);
    return key;
}

void FirmwareBucket::put(const FirmwareObject& object, std::string_view bytes) {
    const auto key = object.key();
    // The client will send it again, and then it gets the same name.
    if (bucket_.put(key, bytes, object.sha256) == objects::Put::InDoubt) {
        throw objects::Unavailable("it is in doubt whether it has taken " + key);
    }
}

void FirmwareBucket::require(std::string_view bundle, std::string_view image,
                             const db::FirmwareVersionRecord& record) {
    if (record.image_object) require(*record.image_object, image);
    if (record.bundle_object) require(*record.bundle_object, bundle);
}

void FirmwareBucket::require(const std::string& key, std::string_view bytes) {
    if (bucket_.head(key)) return;
    if (const auto object = FirmwareObject::parse(key)) put(*object, bytes);
}

bool FirmwareBucket::get(const std::string& object,
                         const std::function<void(std::string_view)>& sink,
                         std::uint64_t max_bytes) {
    return bucket_.get_to(object, sink, max_bytes);
}

std::optional<os::Descriptor> FirmwareBucket::open(const std::string& object,
                                                   const fs::path& folder,
                                                   std::uint64_t max_bytes) {
    const auto path =
        folder / (std::string(storage::layout::kCachePrefix) + os::random_name() + ".zip");
    const auto written = os::create_file(path);
    auto file = os::open_existing(path);
    os::remove_file(path);
    const auto write = [&](std::string_view piece) { os::write_all(written, piece, path); };
    if (!file || !bucket_.get_to(object, write, max_bytes)) return std::nullopt;
    return file;
}

void FirmwareBucket::remove_dropped(const ModelCode& code, std::chrono::seconds grace) noexcept {
    try {
        // Uploads of the model wait for this, so one timeout is enough.
        bool away = false;
        rows_.remove_dropped(code, grace, [&](const std::string& object) {
            const bool gone = !away && bucket_.remove(object);
            away = !gone;
            if (gone) log::info("removed unused firmware", {{"object", object}});
            return gone;
        });
    } catch (const std::exception& error) {
        log::warning("cannot remove unused firmware",
                     {{"model", code.str()}, {"error", error.what()}});
    }
}

void FirmwareBucket::discard(const ModelCode& code,
                             const db::FirmwareVersionRecord& record) noexcept {
    try {
        for (const auto& object : {record.image_object, record.bundle_object}) {
            if (object) rows_.note_dropped(*object);
        }
    } catch (const std::exception& error) {
        log::warning("cannot drop firmware", {{"model", code.str()}, {"error", error.what()}});
    }
    remove_dropped(code, std::chrono::seconds(0));
}

}  // namespace coredepot::core
