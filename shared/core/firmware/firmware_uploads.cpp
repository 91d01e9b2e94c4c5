#include "core/firmware/firmware_uploads.hpp"

#include "core/errors.hpp"
#include "core/firmware/esp_image.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "sha256.hpp"

namespace coredepot::core {

FirmwareVersion FirmwareUploads::accept(const DeviceModel& model, std::string_view upload) {
    if (upload.empty()) throw ValidationFailed("No firmware content provided");
    if (upload.size() > limits_.max_bytes) {
        throw PayloadTooLarge("Firmware exceeds maximum size of " +
                              std::to_string(limits_.max_bytes) + " bytes");
    }
    // Do this first: it takes the longest and needs no lock.
    std::optional<Bundle> bundle;
    if (looks_like_bundle(upload)) {
        bundle = read_bundle(upload, model.code, max_unpacked_bytes(limits_.max_bytes));
    }
    if (bucket_ != nullptr) return accept_into_bucket(model, upload, bundle);
    const auto lock = store_.lock(model.code);
    try {
        return bundle ? accept_bundle(model, upload, *bundle) : accept_image(model, upload);
    } catch (const NotFound&) {
        store_.remove_if_empty(model.code);  // it was made for files that will not come
        throw;
    }
}

/// Stores the objects first, under names that nobody knows yet. Then the row publishes both at once
/// on all machines. The row's statement takes over what a plain image still has of an earlier
/// bundle.
FirmwareVersion FirmwareUploads::accept_into_bucket(const DeviceModel& model,
                                                    std::string_view upload,
                                                    const std::optional<Bundle>& bundle) {
    const std::string_view zip = bundle ? upload : std::string_view();
    const std::string_view image = bundle ? std::string_view(bundle->image) : upload;
    db::FirmwareVersionRecord record{bundle ? bundle->version : read_esp_image(upload).version,
                                     std::nullopt, sha256_hex(image)};
    if (bundle) record.elf_sha256 = bundle->elf_sha256;
    bucket_->put(model.code, zip, image, record);
    const auto publish = [&](const auto& replaced) {
        bucket_->require(zip, image, record);
        // Inside the lock, because the bundle may have been moved into the folder until now.
        keep_elf(model, replaced, record);
    };
    if (!versions_.record_replacing(model.id, record, publish)) {
        bucket_->discard(model.code, record);
        throw NotFound("Device model", model.code.str());
    }
    give_up_elves(model);
    bucket_->remove_dropped(model.code);
    if (bundle) requeue(model);
    return record.version;
}

FirmwareVersion FirmwareUploads::accept_image(const DeviceModel& model, std::string_view upload) {
    auto version = read_esp_image(upload).version;
    // Without the bundle, core dumps of this very image would lose their ELF.
    if (const auto known = known_bundle(model.code, version)) {
        if (known->bundle.image == upload) return accept_bundle(model, known->zip, known->bundle);
    }
    publish(model, {version, std::nullopt, sha256_hex(upload)},
            store_.prepare_flat(model.code, version, upload));
    return version;
}

FirmwareVersion FirmwareUploads::accept_bundle(const DeviceModel& model, std::string_view upload,
                                               const Bundle& bundle) {
    const auto& version = bundle.version;
    publish(model, {version, bundle.elf_sha256, sha256_hex(bundle.image)},
            store_.prepare_bundle(model.code, version, upload, bundle.image));
    requeue(model);
    return version;
}

std::optional<FirmwareUploads::KnownBundle> FirmwareUploads::known_bundle(
    const ModelCode& model, const FirmwareVersion& version) const {
    const auto file = store_.open_bundle(model, version);
    if (!file) return std::nullopt;
    const auto most = max_unpacked_bytes(limits_.max_bytes);
    try {
        auto zip = os::read_all(*file, most, "a bundle");
        auto bundle = read_bundle(zip, model, most);
        return KnownBundle{std::move(zip), std::move(bundle)};
    } catch (const ValidationFailed&) {
        return std::nullopt;
    }
}

void FirmwareUploads::keep_elf(const DeviceModel& model,
                               const std::optional<db::FirmwareVersionRecord>& replaced,
                               const db::FirmwareVersionRecord& replacement) {
    if (!replaced || !replaced->elf_sha256 || replaced->bundle_object) return;
    if (replaced->elf_sha256 == replacement.elf_sha256) return;
    const bool stays = replacement.image_object && !replacement.elf_sha256 &&
                       replaced->bin_sha256 == replacement.bin_sha256;
    if (stays) return;  // record() sees to it
    store_.keep_bundle(model.code, replacement.version, *replaced->elf_sha256);
}

/// Whatever happens here, the firmware is stored; the next upload tries again.
void FirmwareUploads::give_up_elves(const DeviceModel& model) noexcept {
    try {
        for (const auto& elf : versions_.give_up_elves(model.id, limits_.keep_elves)) {
            store_.remove_kept(model.code, elf);
            log::info("gave up the ELF of a replaced build",
                      {{"model", model.code.str()}, {"elf_sha256", elf}});
        }
    } catch (const std::exception& error) {
        log::error("cannot give up ELFs of replaced builds",
                   {{"model", model.code.str()}, {"error", error.what()}});
    }
}

void FirmwareUploads::publish(const DeviceModel& model, const db::FirmwareVersionRecord& record,
                              storage::Replacement files) {
    keep_elf(model, versions_.find(model.id, record.version), record);
    bool known = false;
    try {
        known = versions_.record(model.id, record, [&] { files.publish(); });
    } catch (const db::Unavailable& lost) {
        // Whether or not the commit succeeded, the new files are whole, and the client wants their
        // version to be current. Taking them back could leave a version without its bundle.
        if (lost.in_doubt()) files.keep();
        throw;
    }
    if (!known) throw NotFound("Device model", model.code.str());
    files.keep();
    give_up_elves(model);
}

/// Whatever happens here, the firmware is stored; fsck finds core dumps that this misses.
void FirmwareUploads::requeue(const DeviceModel& model) noexcept {
    try {
        const auto count = requeue_.whose_firmware_arrived(model.id);
        if (count == 0) return;
        if (wake_ups_) wake_ups_->want_parse();
        log::info("core dumps that waited for firmware are back in the queue",
                  {{"model", model.code.str()}, {"count", count}});
    } catch (const std::exception& error) {
        log::error("cannot put core dumps back into the queue",
                   {{"model", model.code.str()}, {"error", error.what()}});
    }
}

}  // namespace coredepot::core
