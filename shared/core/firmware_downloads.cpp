#include "core/firmware_downloads.hpp"

#include "core/bundle.hpp"
#include "core/errors.hpp"
#include "log.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {

storage::Image FirmwareDownloads::current(const DeviceModel& model) const {
    if (auto image = from_bundle(model)) return *image;
    if (auto image = from_flat(model)) return *image;
    throw NotFound("Firmware", model.code.str());
}

std::optional<storage::Image> FirmwareDownloads::from_bundle(const DeviceModel& model) const {
    if (!model.firmware_version) return std::nullopt;
    const auto file = store_.open_bundle(model.code, *model.firmware_version);
    if (!file) return std::nullopt;
    try {
        return images_.get(model.code, *file, [&] {
            const auto archive = storage::ZipArchive::from_file(*file);
            const auto* entry = archive.find(image_filename(model.code));
            if (entry == nullptr) throw storage::ZipError("it holds no image");
            return archive.read(*entry, max_image_bytes_);
        });
    } catch (const storage::ZipError& error) {
        log::error("firmware bundle is damaged; the flat image stands in",
                   {{"model", model.code.str()},
                    {"version", model.firmware_version->str()},
                    {"error", error.what()}});
        counters_.record(metrics::Event::CorruptBundle);
        return std::nullopt;
    }
}

std::optional<storage::Image> FirmwareDownloads::from_flat(const DeviceModel& model) const {
    const auto file = store_.open_flat(model.code);
    if (!file) return std::nullopt;
    return images_.get(model.code, *file, [&] {
        return storage::read_all(*file, max_image_bytes_, "firmware-" + model.code.str() + ".bin");
    });
}

}  // namespace coredepot::core
