#include "core/fsck/dump_objects_check.hpp"

#include <algorithm>
#include <map>

#include "log.hpp"
#include "objects/dump_keys.hpp"
#include "sha256.hpp"
#include "storage/spool_record.hpp"

namespace coredepot::core {

namespace keys = objects::keys;
using State = db::DumpObjects::State;

namespace {

/// What comes behind all keys of core dumps, in the order of bytes.
const std::string kBehindCoredumps = "coredumps0";
constexpr int kPage = 1000;

/// Shows all objects whose keys begin with `prefix`, in pages; `see` gets the last page, too, which
/// may be empty.
void for_each_page(
    objects::Bucket& bucket, std::string_view prefix,
    const std::function<void(const objects::Listing& page, const std::string& after)>& see) {
    std::string after;
    while (true) {
        const auto page = bucket.list(std::string(prefix), after, kPage);
        see(page, after);
        if (!page.is_truncated) return;
        after = page.objects.back().key;
    }
}

}  // namespace

DumpObjectsCheck::Result DumpObjectsCheck::run() {
    result_ = {};
    expired_.clear();
    orphans_.clear();
    seen_ = 0;
    oldest_in_progress_ = now() - options_.age;
    if (options_.repair && !parts_.rows.reserve()) {
        log::info("another host compares the bucket with the rows");
        return result_;
    }
    check_objects();
    check_spool();
    check_quarantine();
    settle_all();
    result_.is_complete = options_.repair && result_.found.failed == 0;
    if (result_.is_complete && !parts_.files.folder()) forget_deletions();
    return result_;
}

void DumpObjectsCheck::check_objects() {
    for_each_page(bucket(), keys::kCoredumps,
                  [&](const objects::Listing& page, const std::string& after) {
                      compare(page.objects, after,
                              page.is_truncated ? page.objects.back().key : kBehindCoredumps);
                  });
}

/// The objects before the rows: an object's row follows it, so one that has none now never had.
void DumpObjectsCheck::compare(const std::vector<objects::ListedObject>& page,
                               const std::string& after, const std::string& last) {
    std::map<std::string, State> named;
    std::vector<std::string> missing;
    auto begin = after.empty() ? std::string(keys::kCoredumps) : after;
    while (true) {
        const auto rows = parts_.rows.page(begin, last, kPage);
        for (const auto& row : rows) {
            const bool is_listed =
                std::ranges::binary_search(page, row.object, {}, &objects::ListedObject::key);
            if (is_listed) {
                named.emplace(row.object, row.state);
            } else if (row.state == State::Kept) {
                missing.push_back(row.object);
            }
        }
        if (rows.size() < kPage) break;
        begin = rows.back().object;
    }
    for (const auto& object : page) {
        if (options_.progress) options_.progress(++seen_);
        const auto row = named.find(object.key);
        if (row == named.end()) {
            check_object(object);
        } else if (row->second == State::Expired) {
            const auto name = keys::parse_coredump(object.key);
            if (!name) continue;
            expired_.push_back(
                {object.key, name->device, name->filename, name->hash, object.last_modified});
        }
    }
    for (const auto& object : missing) check_missing(object);
}

void DumpObjectsCheck::check_object(const objects::ListedObject& object) {
    auto name = keys::parse_coredump(object.key);
    if (!name) {
        report(Fault::Foreign, object.key);
        return;
    }
    // The name has the server's time in it, which is one more clock to ask.
    const auto youngest = "coredump_" + to_compact(oldest_in_progress_);
    if (!is_old(object.last_modified) || name->filename.str() > youngest) return;
    orphans_.push_back({object.key, std::move(name->device), std::move(name->filename),
                        std::move(name->hash), object.last_modified});
}

/// Lists of some stores come late: only what is asked for by its key, and is not there, is missing.
void DumpObjectsCheck::check_missing(const std::string& object) {
    if (bucket().head(object)) return;
    // Rows go before their objects, or say that they expired.
    const auto row = parts_.rows.page(object.substr(0, object.size() - 1), object, kPage);
    const bool is_named = std::ranges::any_of(row, [&](const db::DumpObjects::Row& found) {
        return found.object == object && found.state == State::Kept;
    });
    if (is_named) report(Fault::RowWithoutFile, object);
}

void DumpObjectsCheck::check_spool() {
    for_each_page(bucket(), keys::kSpool, [&](const objects::Listing& page, const std::string&) {
        for (const auto& object : page.objects) {
            if (is_old(object.last_modified)) report(Fault::SpooledForLong, object.key);
        }
    });
}

/// What the import put there goes back into the spool when its device is there by now, and of its
/// model; what this check put there is tried again.
void DumpObjectsCheck::check_quarantine() {
    const auto own = std::string(keys::kQuarantine).append(keys::kCoredumps);
    std::vector<std::string> found;
    for_each_page(bucket(), keys::kQuarantine,
                  [&](const objects::Listing& page, const std::string&) {
                      for (const auto& object : page.objects) found.push_back(object.key);
                  });
    for (const auto& key : found) {
        if (!options_.repair) {
            report(Fault::Quarantined, key);
        } else if (key.starts_with(own)) {
            const auto name = keys::parse_coredump(key.substr(keys::kQuarantine.size()));
            const auto head = name ? bucket().head(key) : std::nullopt;
            if (!head || (!options_.make_devices && !is_device(name->device))) {
                report(Fault::Quarantined, key);
            } else {
                orphans_.push_back(
                    {key, name->device, name->filename, name->hash, head->last_modified});
            }
        } else {
            const auto record = spool_.read(key);
            if (!record) continue;
            const auto device =
                record->dump ? parts_.devices.find(record->dump->device) : std::nullopt;
            const bool may_be_over = device && record->dump->model_code.value_or(
                                                   device->model_code) == device->model_code;
            const bool released = may_be_over &&
                                  spool_.put(*record->dump) == objects::Put::Stored &&
                                  bucket().remove(key);
            report(Fault::Quarantined, key, released, released ? "back into the spool" : "");
        }
    }
}

void DumpObjectsCheck::settle_all() {
    if (orphans_.empty() && expired_.empty()) return;
    if (!options_.repair) {
        for (const auto& suspect : expired_) report(Fault::FileOfExpired, suspect.key);
        for (const auto& suspect : orphans_) {
            if (belongs_to_row(suspect)) continue;
            report(was_deleted(suspect) ? Fault::FileOfDeleted : Fault::FileWithoutRow,
                   suspect.key);
        }
        return;
    }
    parts_.pause(options_.settle);
    for (const auto& suspect : expired_) {
        if (!is_there_still(suspect)) continue;
        report(Fault::FileOfExpired, suspect.key, bucket().remove(suspect.key));
    }
    const bool suspicious = looks_like_another_database();
    for (const auto& suspect : orphans_) {
        if (suspicious && !is_device(suspect.device) && !was_deleted(suspect)) {
            report(Fault::FileWithoutRow, suspect.key, false, NoRow::kUnknownDevice);
            continue;
        }
        try {
            settle(suspect);
        } catch (const db::Unavailable&) {
            throw;
        } catch (const objects::Unavailable& error) {
            ++result_.found.failed;
            log::error("cannot take care of an object without a row",
                       {{"key", suspect.key}, {"error", error.what()}});
            report(Fault::FileWithoutRow, suspect.key);
        }
    }
}

/// With the wrong database all that there is would end in quarantine.
bool DumpObjectsCheck::looks_like_another_database() {
    constexpr std::size_t kMany = 100;
    constexpr std::size_t kShare = 10;
    if (options_.force || options_.make_devices || orphans_.size() <= kMany) return false;
    std::map<DeviceKey, bool> known;
    std::size_t unknown = 0;
    for (const auto& suspect : orphans_) {
        const auto [place, is_new] = known.try_emplace(suspect.device, false);
        if (is_new) place->second = is_device(suspect.device);
        if (!place->second && !was_deleted(suspect)) ++unknown;
    }
    if (unknown <= kMany || unknown <= seen_ / kShare) return false;
    log::error(
        "so many objects are of devices that the database does not know that it may be the wrong "
        "one, or an old state of it; without --force or --make-devices they stay where they are",
        {{"objects", unknown}, {"of", seen_}});
    return true;
}

/// The list may be of before.
bool DumpObjectsCheck::is_there_still(const Suspect& suspect) {
    const auto head = bucket().head(suspect.key);
    // In seconds, which is what a head has.
    return head && head->last_modified < suspect.last_modified + std::chrono::seconds(1);
}

void DumpObjectsCheck::settle(const Suspect& suspect) {
    if (!is_there_still(suspect) || belongs_to_row(suspect)) return;
    if (!was_deleted(suspect)) {
        adopt(suspect);
        return;
    }
    const bool removed = bucket().remove(suspect.key);
    report(Fault::FileOfDeleted, suspect.key, removed, "removed");
    if (!removed) {
        ++result_.found.failed;
        return;
    }
    parts_.counters.record(metrics::Event::OrphanRemoved);
    log::warning("the object of a deleted core dump is removed", {{"key", suspect.key}});
}

/// Its row has been made since; or has these bytes in a file, from where they are on the way here.
bool DumpObjectsCheck::belongs_to_row(const Suspect& suspect) {
    const auto row = parts_.rows.named(suspect.device, suspect.filename);
    if (!row) return false;
    return row->object == suspect.key ||
           (!row->object && row->sha256.value_or("").starts_with(suspect.hash));
}

/// On purpose, and these very bytes.
bool DumpObjectsCheck::was_deleted(const Suspect& suspect) {
    const auto deletions = parts_.deletions.of(suspect.device, suspect.filename);
    return std::ranges::any_of(deletions, [&](const db::Deletions::Deleted& deleted) {
        return !deleted.sha256 || deleted.sha256->starts_with(suspect.hash);
    });
}

void DumpObjectsCheck::adopt(const Suspect& suspect) {
    const auto read_all = read(suspect);
    if (!read_all) return;
    if (const auto* reason = std::get_if<std::string>(&*read_all)) {
        quarantine(suspect, *reason);
        return;
    }
    const auto& told = std::get<Told>(*read_all);
    make_device(suspect.device, told.label);
    const auto at = uploaded_at(suspect.filename).value();
    const auto own = keys::coredump(suspect.device, suspect.filename, told.sha256);
    const bool is_in_place = own == suspect.key;
    const storage::UploadedDump dump{suspect.device,
                                     told.label.model_code,
                                     told.label.chip,
                                     told.label.firmware_version,
                                     at,
                                     told.label.idempotency_key,
                                     told.sha256,
                                     told.bytes};
    const auto place = [&](const Device& owner, Timestamp free_from) {
        if (is_in_place && free_from == at) {
            return storage::StoredDump{suspect.filename, at, suspect.key};
        }
        return parts_.files.put_object(dump, free_from, owner.model_code);
    };
    const auto outcome = parts_.late_rows.make(
        {suspect.device, told.label, at, static_cast<std::int64_t>(told.bytes.size()), told.sha256},
        place);
    const auto* row = std::get_if<LateRow>(&outcome);
    if (row == nullptr) {
        const auto& none = std::get<NoRow>(outcome);
        if (none.placed && none.placed->object && *none.placed->object != suspect.key) {
            bucket().remove(*none.placed->object);
        }
        quarantine(suspect, none.reason);
        return;
    }
    // It is in its place now, or there is another of it.
    if (!is_in_place) bucket().remove(suspect.key);
    if (!row->is_of_repeat) parts_.counters.record(metrics::Event::CoredumpAdopted);
    log::warning(row->is_of_repeat ? "an object without a row was a repeat, and is removed"
                                   : "a core dump whose row was lost is adopted",
                 {{"key", suspect.key}, {"coredump", row->id}});
    report(Fault::FileWithoutRow, suspect.key, true,
           row->is_of_repeat ? "a repeat, removed" : "adopted");
}

/// Empty: it is gone. A text: why it can have no row.
std::optional<std::variant<DumpObjectsCheck::Told, std::string>> DumpObjectsCheck::read(
    const Suspect& suspect) {
    using Answer = std::variant<Told, std::string>;
    const auto head = bucket().head(suspect.key);
    if (!head) return std::nullopt;
    if (head->size == 0 || head->size > kMaxCoredumpBytes) {
        return Answer(std::string(head->size == 0 ? "empty" : "larger than a core dump may be"));
    }
    auto bytes = bucket().get(suspect.key, kMaxCoredumpBytes);
    if (!bytes) return std::nullopt;
    auto sha256 = sha256_hex(*bytes);
    if (!sha256.starts_with(suspect.hash)) return Answer(std::string("its bytes are damaged"));
    if (!uploaded_at(suspect.filename)) return Answer(std::string("its name has no such time"));
    if (head->record_head) {
        auto dump = storage::parse_record(*head->record_head + '\n' + *bytes);
        if (dump && dump->device == suspect.device) {
            return Answer(
                Told{{dump->chip, dump->firmware_version, dump->model_code, dump->idempotency_key},
                     std::move(*bytes),
                     std::move(sha256)});
        }
    }
    auto label =
        label_by_bytes(parts_.read_facts, parts_.devices, parts_.versions, suspect.device, *bytes);
    if (auto* none = std::get_if<NoRow>(&label)) return Answer(std::move(none->reason));
    return Answer(
        Told{std::get<DumpLabel>(std::move(label)), std::move(*bytes), std::move(sha256)});
}

void DumpObjectsCheck::make_device(const DeviceKey& device, const DumpLabel& label) {
    if (!options_.make_devices || !label.model_code || is_device(device)) return;
    const auto& code = *label.model_code;
    if (!parts_.models.find(code) && parts_.models.insert(code, code.str())) {
        log::warning("a device model is made again", {{"model", code.str()}});
    }
    for (const auto& key : parts_.devices.insert_all({{device, code}})) {
        log::warning("a device is made again", {{"device", key.str()}});
    }
}

/// Below another prefix, with what it was put with. The copy before the removal.
void DumpObjectsCheck::quarantine(const Suspect& suspect, const std::string& reason) {
    if (suspect.key.starts_with(keys::kQuarantine)) {
        report(Fault::Quarantined, suspect.key, false, reason);
        return;
    }
    const auto target = std::string(keys::kQuarantine) + suspect.key;
    const auto head = bucket().head(suspect.key);
    if (head && head->size > kMaxCoredumpBytes) {
        report(Fault::FileWithoutRow, suspect.key, false, reason);  // not one of ours
        return;
    }
    const auto bytes = bucket().get(suspect.key, kMaxCoredumpBytes);
    if (!head || !bytes) return;
    if (bucket().put(target, *bytes, sha256_hex(*bytes), head->record_head) !=
        objects::Put::Stored) {
        throw objects::Unavailable("no answer after all of " + target + " was sent");
    }
    bucket().remove(suspect.key);
    parts_.counters.record(metrics::Event::CoredumpQuarantined);
    log::warning("a core dump without a row is quarantined",
                 {{"key", suspect.key}, {"reason", reason}});
    report(Fault::FileWithoutRow, suspect.key, false, "quarantined: " + reason);
}

/// Those that no object can be for any more: it was removed, now or before, and for so long that
/// none comes back. With a folder Fsck does it, which knows its files as well.
void DumpObjectsCheck::forget_deletions() {
    constexpr std::chrono::days kKept{14};
    std::optional<db::Deletions::Name> last;
    while (true) {
        const auto page = parts_.deletions.page(last, kKept);
        if (!page.last) return;
        last = page.last;
        if (!page.old.empty()) parts_.deletions.forget(page.old, kKept);
    }
}

void DumpObjectsCheck::report(Fault fault, const std::string& what, bool repaired,
                              const std::string& outcome) {
    ++(repaired ? result_.found.repaired : result_.found.left);
    parts_.report({fault, what, repaired, outcome});
}

}  // namespace coredepot::core
