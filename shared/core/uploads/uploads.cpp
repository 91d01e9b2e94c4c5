#include "core/uploads/uploads.hpp"

#include "core/errors.hpp"
#include "core/forgotten_database.hpp"
#include "core/lookup.hpp"
#include "log.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::core {
namespace {

std::string require_parameter(const std::optional<std::string>& value, const std::string& name) {
    if (!value || value->empty()) {
        throw ValidationFailed("Missing required query parameter: " + name);
    }
    return *value;
}

template <class Name>
Name require_wellformed(const std::string& value, const std::string& name) {
    if (auto parsed = Name::parse(value)) return *parsed;
    throw ValidationFailed("Invalid query parameter: " + name);
}

std::optional<IdempotencyKey> wellformed_key(const std::optional<std::string>& value) {
    if (!value) return std::nullopt;
    if (auto key = IdempotencyKey::parse(*value)) return key;
    throw ValidationFailed(
        "Invalid header: Idempotency-Key has 1 to 255 printable ASCII characters");
}

/// In memory, at about 100 bytes each.
constexpr std::size_t kMostOverLimit = 1024;

}  // namespace

Uploads::Uploads(db::Devices& devices, db::Coredumps& coredumps, std::optional<Places> places,
                 const db::StoreRules& rules, metrics::Counters& counters, const UploadLimit& limit)
    : devices_(devices),
      coredumps_(coredumps),
      places_(std::move(places)),
      rules_(rules),
      counters_(counters),
      limit_(limit) {
    if (!places_ || !places_->files.has_bucket()) return;
    objects_.emplace(ObjectUploads::Parts{places_->files, places_->spool, places_->wake_ups,
                                          coredumps_, counters_},
                     rules_, limit_);
}

Uploads::Accepted Uploads::accept(const Sent& sent, const ReadBody& read_body) {
    const auto chip_text = require_parameter(sent.chip, "chip");
    const auto version_text = require_parameter(sent.firmware_version, "firmware_version");
    const auto chip = require_wellformed<Chip>(chip_text, "chip");
    const auto version = require_wellformed<FirmwareVersion>(version_text, "firmware_version");
    const auto idempotency_key = wellformed_key(sent.idempotency_key);
    const auto key = require_key(sent.device);
    const auto assumed = assumed_device(sent);
    auto device = assumed ? assumed : find_device(sent.device);
    if (!places_) throw InvalidOperation("upload coredump", "COREDUMPS_DIR is not configured");
    std::string body;
    try {
        body = read_body();
        if (body.empty()) throw ValidationFailed("No coredump content provided");
    } catch (const Refusal&) {
        if (assumed) find_device(sent.device);  // throws what is wrong with the device first
        throw;
    }

    // While the body is in memory anyway.
    const auto sha256 = sha256_hex(body);
    storage::UploadedDump dump{key,   sent.device.model_code, chip,   version,
                               now(), idempotency_key,        sha256, std::move(body)};
    if (assumed) {
        if (const auto accepted = record_file(*assumed, dump)) return *accepted;
        device = find_device(sent.device);
    }
    if (!device) return spool(std::move(dump));
    // Check before anything is written, so that abuse costs no disk. The decision is made below,
    // under the device's lock, which also counts parallel uploads and recognises repeats, which are
    // free.
    const auto wait = limit_.wait(device->until_upload_budget_full);
    const bool may_be_repeat = rules_.deduplicate || idempotency_key;
    if (wait > std::chrono::microseconds(0) && !may_be_repeat) {
        note_over_limit(device->key);
        refuse_over_limit(device->key, wait);
    }
    if (objects_) {
        return objects_->record(*device, std::move(dump),
                                [this](auto asked, const auto& error) { failed(asked, error); });
    }
    if (const auto accepted = record_file(*device, dump)) return *accepted;
    throw NotFound("Device", key.str());
}

/// The device without asking the database first, because recording finds it by key and model. Empty
/// if we must know more before anything is written: whether the device exists (unless it has a
/// folder), whether it may upload (if it was over its limit), or whether the database is there at
/// all.
std::optional<Device> Uploads::assumed_device(const Sent& sent) const {
    const auto key = DeviceKey::parse(sent.device.key);
    if (!key || !sent.device.model_code || !places_ || objects_ || !database_answers_)
        return std::nullopt;
    if (over_limit_.contains(*key) || !folder().has_folder(*key)) return std::nullopt;
    return Device{db::NewCoredump::kByKey, *key, 0, *sent.device.model_code, {}, {}};
}

/// From now on, its uploads ask the database first.
void Uploads::note_over_limit(const DeviceKey& device) {
    // Drop all at once: devices that are still over their limits come back soon.
    if (over_limit_.size() >= kMostOverLimit) over_limit_.clear();
    over_limit_.insert(device);
}

/// Empty when the database does not answer.
std::optional<Device> Uploads::find_device(const DeviceReference& reference) {
    const auto asked = Outage::Clock::now();
    if (outage_.lasts(asked)) return std::nullopt;
    try {
        auto device = remembered_device(reference);
        database_answers_ = true;
        return device;
    } catch (const Refusal&) {
        throw;
    } catch (const std::exception& error) {
        failed(asked, error);
        return std::nullopt;
    }
}

/// Empty when the database has forgotten all devices. A refusal is a loss, and the database may
/// have known the device yesterday.
std::optional<Device> Uploads::remembered_device(const DeviceReference& reference) {
    try {
        return require_device(devices_, reference);
    } catch (const NotFound&) {
        if (!places_ || !is_forgotten(devices_, places_->files)) throw;
    }
    log::error("a core dump is spooled", {{"error", ForgottenDatabase::kWhatToDo}});
    return std::nullopt;
}

/// While a device is deleted, its folder may disappear under us. That is not the disk's fault.
storage::StoredDump Uploads::store(const Device& device, Timestamp at, std::string_view bytes,
                                   const DumpLabel& label, bool waits) {
    try {
        if (waits) return folder().store_again(device.key, at, bytes, label);
        return folder().store(device.key, at, bytes, label, [&](Timestamp moment) {
            return places_->spool.has(device.key, moment);
        });
    } catch (const os::StorageError& error) {
        if (error.code() == std::errc::no_such_file_or_directory) {
            find_device({device.key.str()});  // throws NotFound
        }
        throw;
    }
}

/// Empty, and nothing is left, when there is no such device.
std::optional<Uploads::Accepted> Uploads::record_file(const Device& device,
                                                      storage::UploadedDump& dump) {
    // First the file, then the row. A crash in between leaves a file without a row, and never a row
    // without a file.
    const DumpLabel label{dump.chip, dump.firmware_version, device.model_code, dump.idempotency_key,
                          dump.sha256.substr(0, DumpLabel::kHashed)};
    // If it was accepted while the database was away and still waits, it gets the name of that row.
    const auto earlier = places_->spool.find_repeated(dump);
    if (earlier) dump.uploaded_at = *earlier;
    const auto place = [&](Timestamp at) {
        return store(device, at, dump.bytes, label, earlier.has_value());
    };
    const auto file = place(dump.uploaded_at);
    db::NewCoredump coredump{device.id,
                             file.filename,
                             dump.chip,
                             dump.firmware_version,
                             static_cast<std::int64_t>(dump.bytes.size()),
                             file.stored_at,
                             dump.sha256,
                             dump.idempotency_key,
                             earlier ? db::Arrival::Late : db::Arrival::Now,
                             std::nullopt,
                             db::DeviceOfModel{device.key, device.model_code}};
    const auto asked = Outage::Clock::now();
    bool row_may_be_there = true;
    try {
        const auto outcome =
            DumpRecorder(coredumps_, places_->files, rules_, counters_)
                .record(device.key, coredump, place, earlier ? UploadLimit{} : limit_);
        if (const auto* row = std::get_if<db::StoredCoredump>(&outcome)) {
            if (places_->wake_ups) places_->wake_ups->want_parse();
            over_limit_.erase(device.key);
            return Accepted{row->file.filename, row->id};
        }
        folder().remove(device.key, coredump.filename);
        if (const auto* over = std::get_if<db::OverLimit>(&outcome)) {
            note_over_limit(device.key);
            refuse_over_limit(device.key, over->wait);
        }
        return std::nullopt;
    } catch (const Refusal&) {
        throw;
    } catch (const db::Unavailable& lost) {
        row_may_be_there = lost.in_doubt();
        failed(asked, lost);
    } catch (const std::exception& error) {
        failed(asked, error);
    }
    // Whoever imports the spool finds the row if it was made, and otherwise makes it. The file
    // stays in its place; from here on, it is theirs.
    dump.uploaded_at = coredump.uploaded_at;
    if (earlier == dump.uploaded_at)
        return Accepted{coredump.filename, std::nullopt};  // it already waits
    try {
        places_->spool.store_unmoved(dump);
    } catch (...) {
        if (!row_may_be_there && !earlier) folder().remove(device.key, coredump.filename);
        throw;
    }
    return Accepted{coredump.filename, std::nullopt};
}

/// An earlier upload of the same core dump whose file is in place. It uses the rules by which the
/// database would find the record.
std::optional<DumpFilename> Uploads::find_stored(const storage::UploadedDump& dump) const {
    if (!rules_.deduplicate && !dump.idempotency_key) return std::nullopt;
    return folder().find(dump.device, dump.bytes, [&](const std::optional<DumpLabel>& label) {
        return rules_.deduplicate || (label && label->idempotency_key == dump.idempotency_key);
    });
}

Uploads::Accepted Uploads::spool(storage::UploadedDump dump) {
    return objects_ ? objects_->spool(std::move(dump)) : spool_file(std::move(dump));
}

Uploads::Accepted Uploads::spool_file(storage::UploadedDump dump) const {
    // A repeat gets the name of the first upload, whose row will serve both; it does not count
    // towards the limit.
    if (const auto earlier = places_->spool.find_repeated(dump)) {
        return {dump_filename(*earlier), std::nullopt};
    }
    // Spool it anyway, because nobody knows now whether there is a row.
    if (const auto stored = find_stored(dump)) {
        dump.uploaded_at = *uploaded_at(*stored);
        places_->spool.store_unmoved(dump);
        return {*stored, std::nullopt};
    }
    // Only the database knows how much the device has uploaded. Allowing a burst to each leaves
    // room for others.
    if (limit_.refill > std::chrono::microseconds(0) &&
        places_->spool.waiting_of(dump.device) >= static_cast<std::size_t>(limit_.burst)) {
        refuse_over_limit(dump.device, Outage::kLongest);
    }
    return {dump_filename(places_->spool.store(dump)), std::nullopt};
}

/// Whatever went wrong, the core dump is stored until it works again. Anything except a database
/// that is away is a fault that somebody should repair.
void Uploads::failed(Outage::Clock::time_point asked, const std::exception& error) {
    database_answers_ = false;
    outage_.observed(asked, Outage::Clock::now());
    if (dynamic_cast<const db::Unavailable*>(&error) != nullptr) {
        log::warning("database not available: a core dump is spooled", {{"error", error.what()}});
    } else {
        log::error("cannot record a core dump, which is spooled", {{"error", error.what()}});
    }
}

}  // namespace coredepot::core
