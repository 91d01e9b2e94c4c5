#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"
#include "domain/time.hpp"

/// Every name that Coredepot gives a file or a folder of its data. No other source file spells one
/// out, but for a core dump's own name, which is `coredump_{moment}.dmp` (domain/coredump.hpp).
/// Scripts, units, nginx's configuration and docs have to, and a test compares them with this.
///
///     COREDUMPS_DIR/
///         {device_key}/                         DumpStore
///             coredump_{moment}.dmp             a core dump; kLabelAttribute holds its label
///             .upload-{random}                  one that is being written
///         .spool/                               Spool, SpoolParts
///             {part}/{device_key}-{moment}.spool    accepted without the database; where that name
///                                               is taken, {device_key}-{moment}.{random}.spool
///             {part}/.repeat-{hash}             a link from an upload's key and bytes to the file
///             .upload-{random}                  one that is being written
///         .spool-totals                         SpoolTotals
///         .quarantine/                          DumpQuarantine, Spool
///             {device_key}-coredump_{moment}.dmp    kReasonAttribute holds the reason
///             {device_key}-{moment}.spool
///         .parse-wanted                         starts parse_runner
///         .alerts-wanted                        starts notify_runner
///         .store-id                             store_id()
///     ASSETS_DIR/
///         firmware-{code}.bin                   FirmwareStore
///         {code}/firmware-{version}.zip
///         .new-{random}, .old-{random}          beside either: Replacement
///         .replaced/{code}/{sha256 of ELF}.zip  builds that others of their version replaced
///         .lock-{code}                          FirmwareStore::lock()
///         .images/{code}/                       ImageCache: a ContentCache of .bin
///         .images/.fetch-{sha256}               FetchTurn: the lock of the process that fetches it
///         .images/.fetch-failed                 its time says when a fetch last failed
///     PARSE_SIDECAR_XFER_DIR/
///         {coredump_id}-{lease}.dmp, .elf, .rules  TransferFolder
///         .elf-cache/                           ElfCache: a ContentCache of .elf
///         .fetch-{sha256}, .fetch-failed        FetchTurn, as in .images
///     SIDECAR_CACHE_DIR/                        parse_service: a BoundedFolder of .index
///     STATE_DIR/                                where there is an object store
///         .spool/, …                            all of COREDUMPS_DIR except core dumps
///         assets/                               the default ASSETS_DIR
///
/// Caches write under .new-{random} first. auth/ names the files of CACHE_DIRECTORY, and metrics/
/// those of METRICS_DIR; no other code looks into these two folders. objects/dump_keys.hpp and
/// domain/firmware_object.hpp name the objects in a bucket.
namespace coredepot::storage::layout {

/// Names with a dot in front belong to no device and no model, and no list shows them.
inline bool is_hidden(std::string_view name) {
    return name.starts_with('.');
}
/// mkfs(8) makes it at the root of a file system.
constexpr std::string_view kLostAndFound = "lost+found";

// COREDUMPS_DIR

constexpr std::string_view kUploadPrefix = ".upload-";
constexpr std::string_view kSpool = ".spool";
constexpr std::string_view kSpoolSuffix = ".spool";
constexpr std::string_view kRepeatPrefix = ".repeat-";
constexpr std::string_view kSpoolTotals = ".spool-totals";
constexpr std::string_view kQuarantine = ".quarantine";
constexpr std::string_view kParseWanted = ".parse-wanted";
constexpr std::string_view kAlertsWanted = ".alerts-wanted";
constexpr std::string_view kStoreId = ".store-id";

/// Extended attributes.
constexpr const char* kLabelAttribute = "user.coredepot";
constexpr const char* kReasonAttribute = "user.coredepot.reason";

/// Below COREDUMPS_DIR.
std::string dump_path(const DeviceKey& device, const DumpFilename& filename);
/// In .quarantine.
std::string quarantined_name(const DeviceKey& device, const DumpFilename& filename);
/// In a part of .spool, or in .quarantine.
std::string spooled_name(const DeviceKey& device, Timestamp moment);
/// For a file whose spooled_name() is taken: `{device_key}-{moment}.{random}.spool`.
std::string other_spooled_name(const std::string& taken);
/// A new name in `folder` for an upload that is being written.
std::filesystem::path unfinished_upload(const std::filesystem::path& folder);
bool is_unfinished_upload(std::string_view name);

// ASSETS_DIR

constexpr std::string_view kPreparedPrefix = ".new-";
constexpr std::string_view kSetAsidePrefix = ".old-";
constexpr std::string_view kModelLockPrefix = ".lock-";
constexpr std::string_view kImages = ".images";
constexpr std::string_view kReplaced = ".replaced";
constexpr std::string_view kImageSuffix = ".bin";

/// Below ASSETS_DIR.
std::string bundle_path(const ModelCode& code, const FirmwareVersion& version);
std::string replaced_folder(const ModelCode& code);
std::string kept_bundle_path(const ModelCode& code, std::string_view elf_sha256);
std::string flat_image_name(const ModelCode& code);
std::string model_lock_name(const ModelCode& code);
/// The part that a name tells; empty when the name is of another kind.
std::optional<FirmwareVersion> version_of_bundle(std::string_view name);
std::optional<std::string> elf_of_kept_bundle(std::string_view name);
std::optional<ModelCode> model_of_flat_image(std::string_view name);
/// Whether a Replacement that died has left the file behind.
bool is_unfinished_firmware(std::string_view name);

// PARSE_SIDECAR_XFER_DIR

constexpr std::string_view kElfCache = ".elf-cache";
constexpr std::string_view kStagedCoreSuffix = ".dmp";
constexpr std::string_view kStagedRulesSuffix = ".rules";
constexpr std::string_view kElfSuffix = ".elf";

// Caches

/// A file that is being written.
constexpr std::string_view kCachePrefix = ".new-";
constexpr std::string_view kIndexSuffix = ".index";
constexpr std::string_view kFetchLockPrefix = ".fetch-";
constexpr std::string_view kFetchFailed = ".fetch-failed";

}  // namespace coredepot::storage::layout
