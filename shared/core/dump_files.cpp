#include "core/dump_files.hpp"

#include <cerrno>

#include "core/object_store.hpp"
#include "log.hpp"
#include "objects/dump_keys.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"
#include "storage/spool_record.hpp"

namespace coredepot::core {
namespace {

objects::Unavailable no_bucket() {
    return objects::Unavailable("S3_ENDPOINT is not set, and an object is asked for");
}

}  // namespace

storage::StoredDump DumpFiles::put_again(const storage::UploadedDump& dump, Timestamp at,
                                         const ModelCode& model_code) const {
    if (has_bucket()) return put_object(dump, at, model_code);
    return folder_.value().store_again(
        dump.device, at, dump.bytes,
        {dump.chip, dump.firmware_version, model_code, dump.idempotency_key});
}

storage::StoredDump DumpFiles::put_object(const storage::UploadedDump& dump, Timestamp at,
                                          const ModelCode& model_code) const {
    const auto filename = dump_filename(at);
    auto key = objects::keys::coredump(dump.device, filename, dump.sha256);
    const auto head = storage::record_head(dump, at, model_code);
    if (bucket_->put(key, dump.bytes, dump.sha256, head) == objects::Put::InDoubt) {
        throw StoreInDoubt(key);
    }
    return {filename, at, std::move(key)};
}

std::optional<std::string> DumpFiles::read(const DeviceKey& device, const DumpFile& file) const {
    if (!file.object) return folder_ ? folder_->read(device, file.filename) : std::nullopt;
    if (!bucket_) throw no_bucket();
    return bucket_->get(*file.object, kMaxCoredumpBytes);
}

void DumpFiles::require(const DeviceKey& device, const DumpFile& file) const {
    if (file.object) {
        if (!bucket_) throw no_bucket();
        if (!bucket_->head(*file.object)) throw objects::Unavailable(*file.object + " is gone");
    } else if (!folder_ || !folder_->exists(device, file.filename)) {
        errno = ENOENT;
        throw os::StorageError("it is gone", storage::layout::dump_path(device, file.filename));
    }
}

std::optional<objects::ProxyTarget> DumpFiles::target(const std::string& object,
                                                      std::chrono::seconds lifetime,
                                                      const std::string& method) const {
    if (!bucket_) throw no_bucket();
    return bucket_->proxy_target(object, lifetime, method);
}

bool DumpFiles::remove(const DeviceKey& device, const DumpFile& file) const noexcept {
    if (!file.object) return folder_ && folder_->remove(device, file.filename);
    const auto asked = Outage::Clock::now();
    if (!bucket_ || removals_.lasts(asked)) return false;
    try {
        const bool gone = bucket_->remove(*file.object);
        if (!gone) removals_.observed(asked, Outage::Clock::now());
        return gone;
    } catch (const std::exception& error) {
        log::warning("cannot remove an object", {{"key", *file.object}, {"error", error.what()}});
        return false;
    }
}

void DumpFiles::sync() const noexcept {
    if (folder_) folder_->sync();
}

std::optional<bool> DumpFiles::has_dumps() const noexcept {
    if (folder_ && folder_->has_dumps()) return true;
    if (!bucket_) return false;
    try {
        return !bucket_->list(std::string(objects::keys::kCoredumps), "", 1).objects.empty();
    } catch (const std::exception& error) {
        log::warning("cannot see whether there are core dumps in the bucket",
                     {{"error", error.what()}});
        return std::nullopt;
    }
}

DumpFiles dump_files(const Config& config, metrics::Counters* counters) {
    std::shared_ptr<objects::Bucket> bucket;
    if (config.s3) {
        bucket = std::make_shared<objects::Bucket>(
            *config.s3, counters == nullptr ? nullptr : store_observer(*counters));
    }
    return DumpFiles(storage::dump_store(config.coredumps_dir), std::move(bucket));
}

}  // namespace coredepot::core
