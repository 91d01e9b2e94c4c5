#include "storage/disk_layout.hpp"

#include "os/files.hpp"
#include "text/hex.hpp"

namespace coredepot::storage::layout {
namespace {

constexpr std::string_view kFirmwarePrefix = "firmware-";
constexpr std::string_view kBundleSuffix = ".zip";

/// The text between `prefix` and `suffix`; empty when the name has another form.
std::string_view middle_of(std::string_view name, std::string_view prefix,
                           std::string_view suffix) {
    if (name.size() <= prefix.size() + suffix.size()) return "";
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) return "";
    return name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
}

std::string joined(std::string_view a, std::string_view b, std::string_view c) {
    return std::string(a).append(b).append(c);
}

}  // namespace

std::string dump_path(const DeviceKey& device, const DumpFilename& filename) {
    return joined(device.str(), "/", filename.str());
}

std::string quarantined_name(const DeviceKey& device, const DumpFilename& filename) {
    return joined(device.str(), "-", filename.str());
}

std::string spooled_name(const DeviceKey& device, Timestamp moment) {
    return joined(device.str(), "-", to_compact(moment)).append(kSpoolSuffix);
}

std::string other_spooled_name(const std::string& taken) {
    // What people put into the spool may have another suffix.
    const auto suffix = taken.ends_with(kSpoolSuffix) ? kSpoolSuffix : "";
    return joined(taken.substr(0, taken.size() - suffix.size()), "." + os::random_name(), suffix);
}

std::filesystem::path unfinished_upload(const std::filesystem::path& folder) {
    return folder / joined(kUploadPrefix, os::random_name(), "");
}

bool is_unfinished_upload(std::string_view name) {
    return name.starts_with(kUploadPrefix);
}

std::string bundle_path(const ModelCode& code, const FirmwareVersion& version) {
    return joined(code.str(), "/", joined(kFirmwarePrefix, version.str(), kBundleSuffix));
}

std::string replaced_folder(const ModelCode& code) {
    return joined(kReplaced, "/", code.str());
}

std::string kept_bundle_path(const ModelCode& code, std::string_view elf_sha256) {
    return joined(replaced_folder(code), "/", joined(elf_sha256, kBundleSuffix, ""));
}

std::string flat_image_name(const ModelCode& code) {
    return joined(kFirmwarePrefix, code.str(), kImageSuffix);
}

std::string model_lock_name(const ModelCode& code) {
    return joined(kModelLockPrefix, code.str(), "");
}

std::optional<FirmwareVersion> version_of_bundle(std::string_view name) {
    return FirmwareVersion::parse(middle_of(name, kFirmwarePrefix, kBundleSuffix));
}

std::optional<std::string> elf_of_kept_bundle(std::string_view name) {
    constexpr std::size_t kDigits = 64;
    const auto sha256 = middle_of(name, "", kBundleSuffix);
    if (sha256.size() != kDigits || !from_hex(sha256)) return std::nullopt;
    return std::string(sha256);
}

std::optional<ModelCode> model_of_flat_image(std::string_view name) {
    return ModelCode::parse(middle_of(name, kFirmwarePrefix, kImageSuffix));
}

bool is_unfinished_firmware(std::string_view name) {
    return name.starts_with(kPreparedPrefix) || name.starts_with(kSetAsidePrefix);
}

}  // namespace coredepot::storage::layout
