// Decides what happens to objects that no row names.

#include <algorithm>
#include <map>

#include "core/fsck/adoption.hpp"
#include "core/fsck/dump_objects_check.hpp"
#include "core/fsck/suspicion.hpp"
#include "log.hpp"
#include "objects/dump_keys.hpp"
#include "sha256.hpp"
#include "storage/spool_record.hpp"

namespace coredepot::core {

namespace keys = objects::keys;

void DumpObjectsCheck::settle_all() {
    if (orphans_.empty() && expired_.empty()) return;
    if (!options_.repair) {
        for (const auto& suspect : expired_) report(Fault::FileOfExpired, suspect.key);
        for (const auto& suspect : orphans_) {
            if (belongs_to_row(suspect)) {
                settle_copy(suspect);
                continue;
            }
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
    if (options_.make_devices) make_missing_devices();
    const bool suspicious =
        looks_like_another_database(options_, count_of_unknown_devices(), seen_);
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

std::size_t DumpObjectsCheck::count_of_unknown_devices() {
    if (orphans_.size() <= kFewUnknown) return orphans_.size();
    std::map<DeviceKey, bool> known;
    std::size_t unknown = 0;
    for (const auto& suspect : orphans_) {
        const auto [place, is_new] = known.try_emplace(suspect.device, false);
        if (is_new) place->second = is_device(suspect.device);
        if (!place->second && !was_deleted(suspect)) ++unknown;
    }
    return unknown;
}

/// Takes their models from their core dumps.
void DumpObjectsCheck::make_missing_devices() {
    std::map<DeviceKey, ModelCode> missing;
    for (const auto& suspect : orphans_) {
        if (missing.contains(suspect.device) || is_device(suspect.device)) continue;
        const auto read_all = read(suspect);
        const auto* told = read_all ? std::get_if<Told>(&*read_all) : nullptr;
        if (told != nullptr && told->label.model_code) {
            missing.emplace(suspect.device, *told->label.model_code);
        }
    }
    make_devices_again(parts_.models, parts_.devices, missing);
}

/// The list may be out of date.
bool DumpObjectsCheck::is_there_still(const Suspect& suspect) {
    const auto head = bucket().head(suspect.key);
    // A head has its time in whole seconds.
    return head && head->last_modified < suspect.last_modified + std::chrono::seconds(1);
}

void DumpObjectsCheck::settle(const Suspect& suspect) {
    if (!is_there_still(suspect)) return;
    if (belongs_to_row(suspect)) {
        settle_copy(suspect);
        return;
    }
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

/// Whether its row has been made since, or has these bytes in a file from which they are being
/// moved here.
bool DumpObjectsCheck::belongs_to_row(const Suspect& suspect) {
    const auto row = parts_.rows.named(suspect.device, suspect.filename);
    if (!row) return false;
    return row->object == suspect.key ||
           (!row->object && row->sha256.value_or("").starts_with(suspect.hash));
}

/// A move into the folder was killed before it removed this object, or a move into the bucket
/// before the row named it. Or the row comes from a backup that is older than such a move.
void DumpObjectsCheck::settle_copy(const Suspect& suspect) {
    const DumpFile copy{suspect.filename, suspect.key};
    if (suspect.key.starts_with(keys::kQuarantine)) return;
    if (parts_.copies.is_surplus(suspect.device, copy)) {
        report(Fault::CopyLeftByMove, suspect.key,
               options_.repair && parts_.copies.remove_surplus(suspect.device, copy));
    } else if (options_.repair && parts_.copies.point_to_object(suspect.device, copy)) {
        report(Fault::FileWithoutRow, suspect.key, true, "its row names it again");
    }
}

/// Whether exactly these bytes were deleted on purpose.
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
    // It is in its final place now, or there is another copy there.
    if (!is_in_place) bucket().remove(suspect.key);
    if (!row->is_of_repeat) parts_.counters.record(metrics::Event::CoredumpAdopted);
    log::warning(row->is_of_repeat ? "an object without a row was a repeat, and is removed"
                                   : "made a new row for a core dump that had lost its own",
                 {{"key", suspect.key}, {"coredump", row->id}});
    report(Fault::FileWithoutRow, suspect.key, true,
           row->is_of_repeat ? "a repeat, removed" : "adopted");
}

/// Empty when the object is gone. A text says why it cannot have a row.
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

/// Moves it below another prefix with everything stored with it: copies first, then removes.
void DumpObjectsCheck::quarantine(const Suspect& suspect, const std::string& reason) {
    if (suspect.key.starts_with(keys::kQuarantine)) {
        report(Fault::Quarantined, suspect.key, false, reason);
        return;
    }
    const auto target = std::string(keys::kQuarantine) + suspect.key;
    const auto head = bucket().head(suspect.key);
    if (head && head->size > kMaxCoredumpBytes) {
        report(Fault::FileWithoutRow, suspect.key, false, reason);  // it is not one of ours
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

}  // namespace coredepot::core
