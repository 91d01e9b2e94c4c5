#include <optional>
#include <set>

#include "core/firmware/bundle.hpp"
#include "core/moving/firmware_mover.hpp"
#include "os/files.hpp"
#include "sha256.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

using storage::ZipArchive;
using storage::ZipError;

const storage::ZipEntry& entry_of(const ZipArchive& archive, const std::string& name) {
    const auto* entry = archive.find(name);
    if (entry == nullptr) throw ZipError("it has no " + name);
    return *entry;
}

/// Empty when there is no such file. `most` is in bytes.
std::optional<std::string> read_all(const std::optional<os::Descriptor>& file, std::uint64_t most) {
    if (!file) return std::nullopt;
    return os::read_all(*file, most, "firmware");
}

/// Whether it is this build's bundle. Throws ZipError.
bool has_elf(const std::string& bundle, const ModelCode& code, const std::string& elf_sha256,
             std::uint64_t most) {
    const auto archive = ZipArchive::from_memory(bundle);
    Sha256 sha256;
    archive.extract(entry_of(archive, elf_filename(code)), most,
                    [&](std::string_view piece) { sha256.update(piece); });
    return sha256.hex() == elf_sha256;
}

}  // namespace

bool FirmwareToBucket::is_to_move(const Version& version) const {
    const auto& row = version.row;
    if (row.elf_sha256) return !row.bundle_object;
    // The only plain image in a folder is the one that devices download.
    return !row.image_object && version.is_current;
}

bool FirmwareToBucket::is_to_move(const Kept& kept) const {
    return !kept.bundle_object;
}

/// Goes by the row and not by the files' names: an upload into the folder that was cut off leaves
/// the previous build among the kept ones.
FirmwareToBucket::Bytes FirmwareToBucket::read(const Model& model, const Version& version) const {
    const auto& row = version.row;
    if (!row.elf_sha256) {
        auto image = read_all(parts_.store.open_flat(model.code), parts_.max_bytes);
        if (!image) throw CannotMove("there is no image");
        if (sha256_hex(*image) != row.bin_sha256) {
            throw CannotMove("the image is not the one that was uploaded");
        }
        return {"", *std::move(image)};
    }
    auto bundle = read_all(parts_.store.open_bundle(model.code, row.version), parts_.max_bytes);
    if (!bundle || !has_elf(*bundle, model.code, *row.elf_sha256, parts_.max_bytes)) {
        bundle = read_all(parts_.store.open_kept(model.code, *row.elf_sha256), parts_.max_bytes);
    }
    if (!bundle) throw CannotMove("there is no bundle of the build that was uploaded");
    if (!has_elf(*bundle, model.code, *row.elf_sha256, parts_.max_bytes)) {
        throw CannotMove("the bundle's ELF is not the one that was uploaded");
    }
    const auto archive = ZipArchive::from_memory(*bundle);
    auto image = archive.read(entry_of(archive, image_filename(model.code)), parts_.max_bytes);
    if (sha256_hex(image) != row.bin_sha256) {
        throw CannotMove("the bundle's image is not the one that was uploaded");
    }
    return {*std::move(bundle), std::move(image)};
}

bool FirmwareToBucket::move(const Model& model, const Version& version) {
    using Kind = FirmwareObject::Kind;
    const auto bytes = read(model, version);
    const auto image = parts_.bucket.put_for_a_while(Kind::Image, model.code, bytes.image);
    std::optional<std::string> bundle;
    if (!bytes.bundle.empty()) {
        bundle = parts_.bucket.put_for_a_while(Kind::Bundle, model.code, bytes.bundle);
    }
    return parts_.rows.point(model.id, version, bundle, image, [&] {
        parts_.bucket.require(image, bytes.image);
        if (bundle) parts_.bucket.require(*bundle, bytes.bundle);
    });
}

bool FirmwareToBucket::move(const Model& model, const Kept& kept) {
    const auto bytes =
        read_all(parts_.store.open_kept(model.code, kept.elf_sha256), parts_.max_bytes);
    if (!bytes) throw CannotMove("there is no such file");
    if (!has_elf(*bytes, model.code, kept.elf_sha256, parts_.max_bytes)) {
        throw CannotMove("the bundle's ELF is not the one that was uploaded");
    }
    const auto bundle =
        parts_.bucket.put_for_a_while(FirmwareObject::Kind::Bundle, model.code, *bytes);
    return parts_.rows.point(model.id, kept, bundle,
                             [&] { parts_.bucket.require(bundle, *bytes); });
}

/// Files of builds whose rows name objects. Whoever makes a row name a file again must hold the
/// store's lock.
std::vector<FirmwareToBucket::Original> FirmwareToBucket::originals_of(const Model& model) {
    std::vector<Original> originals;
    const auto& store = parts_.store;
    const auto& code = model.code;
    std::set<std::string> kept_here;
    for (const auto& kept : parts_.rows.kept_of(model.id)) {
        const auto elf = kept.elf_sha256;
        if (!kept.bundle_object) {
            kept_here.insert(elf);
        } else if (store.open_kept(code, elf)) {
            originals.push_back(
                {{*kept.bundle_object}, [&store, code, elf] { store.remove_kept(code, elf); }});
        }
    }
    for (const auto& version : parts_.rows.versions_of(model.id)) {
        const auto& row = version.row;
        if (is_to_move(version) || !row.image_object) continue;
        std::vector<std::string> objects{*row.image_object};
        if (row.bundle_object) objects.push_back(*row.bundle_object);
        if (store.open_bundle(code, row.version)) {
            originals.push_back({objects, [&store, code, version = row.version] {
                                     store.remove_bundle(code, version);
                                 }});
        }
        if (version.is_current && store.open_flat(code)) {
            originals.push_back({{*row.image_object}, [&store, code] { store.remove_flat(code); }});
        }
        // It is left from an upload into the folder that was cut off.
        if (row.elf_sha256 && !kept_here.contains(*row.elf_sha256) &&
            store.open_kept(code, *row.elf_sha256)) {
            originals.push_back(
                {objects, [&store, code, elf = *row.elf_sha256] { store.remove_kept(code, elf); }});
        }
    }
    return originals;
}

bool FirmwareToBucket::has_originals(const Model& model) {
    return !originals_of(model).empty();
}

void FirmwareToBucket::remove_originals(const Model& model) {
    const auto lock = parts_.store.lock(model.code);
    for (const auto& original : originals_of(model)) {
        for (const auto& object : original.objects) {
            if (parts_.bucket.store().head(object)) continue;
            throw CannotMove(object + " is gone, and the file stays");
        }
        original.remove();
    }
    parts_.store.remove_if_empty(model.code);
}

}  // namespace coredepot::core
