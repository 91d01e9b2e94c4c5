#include "core/firmware/firmware_downloads.hpp"

#include "core/errors.hpp"
#include "core/firmware/bundle.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "storage/disk_layout.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {

storage::Image FirmwareDownloads::current(const ModelCode& model,
                                          const std::optional<FirmwareVersion>& version) const {
    if (version) {
        if (auto image = from_bundle(model, *version)) return *image;
    }
    if (auto image = from_flat(model)) return *image;
    throw NotFound("Firmware", model.str());
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
