#include "core/uploads/object_spool.hpp"

#include "log.hpp"
#include "objects/dump_keys.hpp"
#include "sha256.hpp"
#include "storage/spool_record.hpp"

namespace coredepot::core {

namespace keys = objects::keys;

objects::Put ObjectSpool::put(const storage::UploadedDump& dump) {
    const auto record = storage::to_record(dump);
    return bucket_.put(keys::spooled(dump.device, dump_filename(dump.uploaded_at), dump.sha256),
                       record, sha256_hex(record));
}

bool ObjectSpool::has_waiting(const DeviceKey& device, int most) {
    const auto waiting = bucket_.list(keys::spool_of(device), "", most).objects.size();
    return waiting >= static_cast<std::size_t>(most);
}

void ObjectSpool::for_each(const std::function<bool(const std::string&)>& see) {
    bucket_.for_each_page(std::string(keys::kSpool), [&](const auto& page, const auto& /*after*/) {
        for (const auto& object : page.objects) {
            if (object.size > storage::kMaxRecordBytes) {
                log::error("an object in the spool is larger than a record may be",
                           {{"key", object.key}});
            } else if (!see(object.key)) {
                return false;
            }
        }
        return true;
    });
}

std::optional<ObjectSpool::Found> ObjectSpool::read(const std::string& key) {
    auto record = bucket_.get(key, storage::kMaxRecordBytes);
    if (!record) return std::nullopt;
    auto dump = storage::parse_record(*record);
    return Found{std::move(*record), std::move(dump)};
}

void ObjectSpool::quarantine(const std::string& key, const std::string& record) {
    const auto target = keys::quarantined(key);
    if (bucket_.put(target, record, sha256_hex(record)) == objects::Put::InDoubt) {
        throw objects::Unavailable("no answer after all of " + target + " was sent");
    }
    bucket_.remove(key);
}

}  // namespace coredepot::core
