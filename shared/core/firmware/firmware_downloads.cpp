#include "core/firmware/firmware_downloads.hpp"

#include <stdexcept>

#include "core/errors.hpp"
#include "core/firmware/bundle.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "storage/disk_layout.hpp"
#include "storage/fetch_turn.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {

storage::Image FirmwareDownloads::current(const ModelCode& model,
                                          const std::optional<FirmwareVersion>& version) const {
    if (source_.rows != nullptr) {
        if (const auto object = source_.rows->current_image_object(model)) {
            return from_bucket(model, *object);
        }
    }
    if (version) {
        if (auto image = from_bundle(model, *version)) return *image;
    }
    if (auto image = from_flat(model)) return *image;
    throw NotFound("Firmware", model.str());
}

storage::Image FirmwareDownloads::from_bucket(const ModelCode& model,
                                              const std::string& image_object) const {
    const auto object = FirmwareObject::parse(image_object);
    if (!object) throw std::logic_error("not an image's key: " + image_object);
    bool fetched = false;
    std::optional<storage::Image> image;
    try {
        image = images_.get(model, object->sha256, [&](const storage::ContentCache::Sink& sink) {
            if (source_.bucket == nullptr) {
                throw objects::Unavailable(image_object +
                                           " is in a bucket, and none is configured");
            }
            return fetched = source_.bucket->get(image_object, sink, max_image_bytes_);
        });
    } catch (const storage::FetchFailed& failed) {
        throw objects::Unavailable(image_object + ": " + failed.what());
    }
    if (!image) {
        log::error("a firmware image is missing or damaged in the bucket",
                   {{"model", model.str()}, {"object", image_object}});
        counters_.record(metrics::Event::CorruptBundle);
        throw NotFound("Firmware", model.str());
    }
    if (fetched) images_.trim(source_.max_cached_bytes);
    return *image;
}

std::optional<storage::Image> FirmwareDownloads::from_bundle(const ModelCode& model,
                                                             const FirmwareVersion& version) const {
    const auto file = store_.open_bundle(model, version);
    if (!file) return std::nullopt;
    try {
        return images_.get(model, *file, [&] {
            const auto archive = storage::ZipArchive::from_file(*file);
            const auto* entry = archive.find(image_filename(model));
            if (entry == nullptr) throw storage::ZipError("it holds no image");
            return archive.read(*entry, max_image_bytes_);
        });
    } catch (const storage::ZipError& error) {
        log::error("firmware bundle is damaged; the flat image stands in",
                   {{"model", model.str()}, {"version", version.str()}, {"error", error.what()}});
        counters_.record(metrics::Event::CorruptBundle);
        return std::nullopt;
    }
}

std::optional<storage::Image> FirmwareDownloads::from_flat(const ModelCode& model) const {
    const auto file = store_.open_flat(model);
    if (!file) return std::nullopt;
    return images_.get(model, *file, [&] {
        return os::read_all(*file, max_image_bytes_, storage::layout::flat_image_name(model));
    });
}

}  // namespace coredepot::core
