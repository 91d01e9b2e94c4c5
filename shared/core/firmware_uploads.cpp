#include "core/firmware_uploads.hpp"

#include "core/bundle.hpp"
#include "core/errors.hpp"
#include "core/esp_image.hpp"
#include "log.hpp"
#include "sha256.hpp"

namespace coredepot::core {

FirmwareVersion FirmwareUploads::accept(const DeviceModel& model, std::string_view upload) {
    if (upload.empty()) throw ValidationFailed("No firmware content provided");
    if (upload.size() > max_bytes_) {
        throw PayloadTooLarge("Firmware exceeds maximum size of " + std::to_string(max_bytes_) +
                              " bytes");
    }
    if (looks_like_bundle(upload)) {
        const auto bundle = read_bundle(upload, model.code, max_unpacked_bytes(max_bytes_));
        const auto& version = bundle.image_facts.version;
        publish(model, {version, bundle.elf_sha256, sha256_hex(bundle.image)},
                store_.prepare_bundle(model.code, version, upload, bundle.image));
        requeue(model);
        return version;
    }
    auto version = read_esp_image(upload).version;
    publish(model, {version, std::nullopt, sha256_hex(upload)},
            store_.prepare_flat(model.code, version, upload));
    return version;
}

void FirmwareUploads::publish(const DeviceModel& model, const db::FirmwareVersionRecord& record,
                              storage::Replacement files) {
    bool known = false;
    try {
        known = versions_.record(model.id, record, [&] { files.publish(); });
    } catch (const db::Unavailable& lost) {
        // Committed or not, the new files are whole and of a version that the client meant to be
        // current; to take them back could leave a version without its bundle.
        if (lost.in_doubt()) files.keep();
        throw;
    }
    if (!known) throw NotFound("Device model", model.code.str());
    files.keep();
}

/// The firmware is there, whatever comes of this: what is missed here fsck finds.
void FirmwareUploads::requeue(const DeviceModel& model) noexcept {
    try {
        const auto count = requeue_.whose_firmware_arrived(model.id);
        if (count == 0) return;
        if (dumps_) dumps_->want_parse();
        log::info("core dumps that waited for firmware are back in the queue",
                  {{"model", model.code.str()}, {"count", count}});
    } catch (const std::exception& error) {
        log::error("cannot put core dumps back into the queue",
                   {{"model", model.code.str()}, {"error", error.what()}});
    }
}

}  // namespace coredepot::core
