#include "core/moving/firmware_mover.hpp"
#include "sha256.hpp"

namespace coredepot::core {

bool FirmwareToFolder::is_to_move(const Version& version) const {
    return version.row.bundle_object || version.row.image_object;
}

bool FirmwareToFolder::is_to_move(const Kept& kept) const {
    return kept.bundle_object.has_value();
}

/// Gets the object and checks that its bytes match its name.
std::string FirmwareToFolder::get(const std::string& key) {
    const auto object = FirmwareObject::parse(key);
    if (!object) throw CannotMove("it names no firmware: " + key);
    std::string bytes;
    const auto append = [&](std::string_view piece) { bytes.append(piece); };
    if (!parts_.bucket.get(key, append, parts_.max_bytes)) throw CannotMove(key + " is gone");
    if (sha256_hex(bytes) != object->sha256) throw CannotMove(key + " is damaged");
    return bytes;
}

bool FirmwareToFolder::move(const Model& model, const Version& version) {
    const auto& row = version.row;
    std::optional<std::string> bundle;
    std::optional<std::string> image;
    if (row.bundle_object) bundle = get(*row.bundle_object);
    // A folder has no other images.
    if (row.image_object && version.is_current) image = get(*row.image_object);
    const auto lock = parts_.store.lock(model.code);
    return publish(
        parts_.store.prepare(model.code, row.version, bundle, image), [&](const auto& publish) {
            return parts_.rows.point(model.id, version, std::nullopt, std::nullopt, publish);
        });
}

bool FirmwareToFolder::move(const Model& model, const Kept& kept) {
    const auto bundle = get(kept.bundle_object.value());
    const auto lock = parts_.store.lock(model.code);
    return publish(parts_.store.prepare_kept(model.code, kept.elf_sha256, bundle),
                   [&](const auto& publish) {
                       return parts_.rows.point(model.id, kept, std::nullopt, publish);
                   });
}

/// Puts the files in place just before the row names them.
bool FirmwareToFolder::publish(
    storage::Replacement files,
    const std::function<bool(const std::function<void()>& publish)>& point) {
    try {
        if (!point([&] { files.publish(); })) return false;
    } catch (const db::Unavailable& lost) {
        // If the row does not name them in the end, they do no harm.
        if (lost.in_doubt()) files.keep();
        throw;
    }
    files.keep();
    return true;
}

/// Objects that rows have named and no row names now.
bool FirmwareToFolder::has_originals(const Model& model) {
    return parts_.bucket.rows().has_dropped(model.code);
}

void FirmwareToFolder::remove_originals(const Model& model) {
    parts_.bucket.remove_dropped(model.code, parts_.grace);
}

}  // namespace coredepot::core
