#include "core/fsck/firmware_objects_check.hpp"

#include <utility>

#include "core/errors.hpp"
#include "core/firmware/bundle.hpp"
#include "log.hpp"
#include "sha256.hpp"

namespace coredepot::core {

Fsck::Result FirmwareObjectsCheck::run() {
    result_ = {};
    keys_.clear();
    remove_dropped();
    // Read the objects before the rows, because rows are written after their objects.
    const auto bundles = list(FirmwareObject::Kind::Bundle);
    const auto images = list(FirmwareObject::Kind::Image);
    for (const auto& listed : bundles) settle(listed);
    for (const auto& listed : images) settle(listed);
    for (const auto& code : parts_.inventory.models()) check_rows_of(code);
    return result_;
}

std::vector<FirmwareObjectsCheck::Listed> FirmwareObjectsCheck::list(FirmwareObject::Kind kind) {
    const auto oldest_in_progress = now() - options_.age;
    std::vector<Listed> found;
    parts_.firmware.store().for_each_page(firmware_prefix(kind), [&](const auto& page,
                                                                     const auto& /*after*/) {
        for (const auto& listed : page.objects) {
            keys_.insert(listed.key);
            if (auto object = FirmwareObject::parse(listed.key)) {
                found.push_back({*std::move(object), listed.last_modified < oldest_in_progress});
            } else {
                report(Fault::Foreign, listed.key);
            }
        }
        return true;
    });
    return found;
}

/// These were dropped on purpose: builds that were replaced and are not kept, and deleted models.
void FirmwareObjectsCheck::remove_dropped() {
    bool away = false;  // uploads of the model wait, and one timeout is enough
    for (const auto& code : parts_.firmware.rows().models_with_dropped()) {
        parts_.firmware.rows().remove_dropped(code, options_.age, [&](const std::string& object) {
            const bool gone = options_.repair && !away && parts_.firmware.store().remove(object);
            away = !gone;
            report(Fault::DroppedFirmware, object, gone);
            return gone;
        });
    }
}

/// Decides about an object that no row has ever named: its upload was cut off, or its row was lost,
/// for example because an older database was restored.
void FirmwareObjectsCheck::settle(const Listed& listed) {
    const auto& object = listed.object;
    const auto key = object.key();
    if (!listed.is_old || parts_.firmware.rows().knows(object.code, key)) return;
    if (!options_.repair || object.kind != FirmwareObject::Kind::Bundle) {
        report(Fault::FirmwareWithoutRow, key);
        return;
    }
    try {
        const auto outcome = adopt(object);
        report(Fault::FirmwareWithoutRow, key, !outcome.empty(), outcome);
    } catch (const Refusal& damaged) {
        report(Fault::FirmwareWithoutRow, key, false, damaged.what());
    }
}

/// Returns what was done; "" when nothing could be. Devices keep downloading the same firmware,
/// because a bundle does not tell which version is current.
std::string FirmwareObjectsCheck::adopt(const FirmwareObject& object) {
    const auto key = object.key();
    const auto zip = parts_.firmware.store().get(key, max_bytes_);
    if (!zip || sha256_hex(*zip) != object.sha256) return "";
    const auto bundle = read_bundle(*zip, object.code, max_bytes_);
    db::FirmwareVersionRecord record{bundle.version, bundle.elf_sha256, sha256_hex(bundle.image),
                                     key};
    parts_.firmware.put(object.code, {}, bundle.image, record);
    const auto adopted = parts_.firmware.rows().adopt(object.code, record);
    if (adopted == db::FirmwareObjects::Adopted::NoModel) return "";
    // It is a build that is kept for its ELF, or a row has another bundle with the same ELF.
    if (adopted != db::FirmwareObjects::Adopted::Version) {
        parts_.firmware.rows().note_dropped(*record.image_object);
    }
    if (adopted == db::FirmwareObjects::Adopted::NotNeeded) {
        parts_.firmware.rows().note_dropped(key);
        return "another bundle has its ELF";
    }
    if (const auto model = parts_.firmware.rows().model_of(object.code)) {
        parts_.requeue.whose_firmware_arrived(*model);
        parts_.requeue.whose_elf_arrived(*model, bundle.elf_sha256);
    }
    return "found again as version " + bundle.version.str();
}

/// The list may be older than the bucket.
bool FirmwareObjectsCheck::is_there(const FirmwareObject& object) {
    const auto key = object.key();
    return keys_.contains(key) || parts_.firmware.store().head(key);
}

void FirmwareObjectsCheck::check_rows_of(const ModelCode& code) {
    for (const auto& named : parts_.firmware.rows().named_of(code)) {
        const auto object = FirmwareObject::parse(named.object);
        if (object && is_there(*object)) continue;
        if (!parts_.firmware.rows().is_named(code, named.object)) continue;  // it has been replaced
        const bool is_image = object && object->kind == FirmwareObject::Kind::Image;
        const bool restored =
            is_image && options_.repair && named.bundle && restore_image(*object, *named.bundle);
        report(is_image ? Fault::ImageMissing : Fault::VersionWithoutBundle,
               code.str() + " version " + named.version.str() + ": " + named.object, restored);
    }
}

/// Takes the image out of its bundle.
bool FirmwareObjectsCheck::restore_image(const FirmwareObject& image, const std::string& bundle) {
    try {
        const auto zip = parts_.firmware.store().get(bundle, max_bytes_);
        if (!zip) return false;
        const auto unpacked = read_bundle(*zip, image.code, max_bytes_);
        if (sha256_hex(unpacked.image) != image.sha256) return false;
        return parts_.firmware.store().put(image.key(), unpacked.image, image.sha256) ==
               objects::Put::Stored;
    } catch (const Refusal& damaged) {
        log::error("a bundle is damaged", {{"object", bundle}, {"error", damaged.what()}});
        return false;
    }
}

void FirmwareObjectsCheck::report(Fault fault, const std::string& what, bool repaired,
                                  const std::string& outcome) {
    ++(repaired ? result_.repaired : result_.left);
    parts_.report({fault, what, repaired, outcome});
}

}  // namespace coredepot::core
