#include "storage/spool.hpp"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/disk_layout.hpp"
#include "storage/folder_walk.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

Spool::Spool(fs::path coredumps_dir, std::uint64_t max_bytes, bool deduplicate)
    : root_(std::move(coredumps_dir)),
      parts_(root_),
      max_bytes_(max_bytes),
      deduplicate_(deduplicate) {}

bool Spool::has(const DeviceKey& device, Timestamp at) const noexcept {
    std::error_code error;
    return fs::exists(parts_.path_of(layout::spooled_name(device, at)), error);
}

/// Whether a core dump in its final place has this moment.
bool Spool::is_placed(const UploadedDump& dump) const noexcept {
    std::error_code error;
    return fs::exists(root_ / layout::dump_path(dump.device, dump_filename(dump.uploaded_at)),
                      error);
}

/// Whether a core dump that waits here, or one in its final place, already has this moment.
bool Spool::is_taken(const UploadedDump& dump) const {
    std::error_code error;
    const auto name = layout::spooled_name(dump.device, dump.uploaded_at);
    return has(dump.device, dump.uploaded_at) || fs::exists(parts_.folder() / name, error) ||
           is_placed(dump);
}

Timestamp Spool::store(UploadedDump dump) const {
    os::ensure_folder(parts_.folder());
    while (true) {
        if (const auto earlier = find_repeated(dump)) return *earlier;
        const auto name = layout::spooled_name(dump.device, dump.uploaded_at);
        const auto outcome = is_taken(dump) ? Put::Taken : put(dump, name, Moment::MayMove);
        if (outcome == Put::Stored) return dump.uploaded_at;
        if (outcome == Put::Taken) dump.uploaded_at += std::chrono::microseconds(1);
    }
}

void Spool::store_unmoved(const UploadedDump& dump) const {
    os::ensure_folder(parts_.folder());
    const auto name = layout::spooled_name(dump.device, dump.uploaded_at);
    if (put(dump, name, Moment::Stays) == Put::Stored) return;
    // Another core dump of this device waits with the same microsecond.
    put(dump, layout::other_spooled_name(name), Moment::Stays);
}

/// Leaves nothing behind unless it returns Stored.
Spool::Put Spool::put(const UploadedDump& dump, const std::string& name, Moment moment) const {
    const auto record = to_record(dump);
    if (const auto totals = parts_.peek()) {
        require_room(*totals, record.size());  // before anything is written
    }
    const auto temporary = layout::unfinished_upload(parts_.folder());
    const auto target = parts_.path_of(name);
    const auto part = SpoolParts::part_of(target);
    os::write_durably(temporary, record);
    bool part_is_young = false;
    try {
        // No import may give it its final name before we have looked who has that.
        const auto claim = os::try_lock_file(temporary);
        // Check again under the lock: so parallel uploads together stay within the limit, and only
        // one of several repeats is stored.
        auto totals = parts_.lock();
        const auto written = entry_at(temporary);
        const auto bytes = written ? written->on_disk : record.size();
        const bool repeated = moment == Moment::MayMove && find_repeated(dump);
        if (!repeated) require_room(totals, bytes);
        part_is_young = os::make_folder(target.parent_path());
        // Count it before it is there. If we are killed in between, the figure is too high, and the
        // limit still holds.
        if (!repeated) totals.add(part, bytes);
        if (repeated || !os::rename_to_free(temporary, target)) {
            if (!repeated) totals.subtract(part, bytes);
            os::remove_file(temporary);
            return repeated ? Put::Repeated : Put::Taken;
        }
        if (moment == Moment::MayMove && is_placed(dump)) {
            totals.subtract(part, bytes);
            os::remove_file(target);
            return Put::Taken;
        }
        link(dump, target);
    } catch (...) {
        os::remove_file(temporary);
        throw;
    }
    try {
        os::sync_folder(target.parent_path());
        if (part_is_young) os::sync_folder(parts_.folder());
    } catch (...) {
        os::remove_file(target);
        throw;
    }
    return Put::Stored;
}

void Spool::require_room(const SpoolTotals& totals, std::uint64_t bytes) const {
    if (totals.sum().bytes + parts_.quarantined(totals).usage.bytes + bytes <= max_bytes_) return;
    errno = EDQUOT;
    throw os::StorageError("SPOOL_MAX_BYTES are used up by", parts_.folder());
}

/// Each link names an earlier upload by its key and bytes, so that a repeat is found without a
/// search. A link to a missing file means nothing. It goes with its part at the latest.
std::vector<std::string> Spool::links(const UploadedDump& dump) const {
    std::vector<std::string> names;
    const auto add = [&](const std::string& what) {
        names.push_back(std::string(layout::kRepeatPrefix) +
                        sha256_hex(dump.device.str() + '\n' + what));
    };
    if (dump.idempotency_key) add(dump.sha256 + '\n' + dump.idempotency_key->str());
    if (deduplicate_) add(dump.sha256);
    return names;
}

/// Best effort: without a link, a repeat is found once its row exists.
void Spool::link(const UploadedDump& dump, const fs::path& target) const noexcept {
    for (const auto& name : links(dump)) {
        const auto link = target.parent_path() / name;
        os::remove_file(link);  // a link to a file that is gone
        static_cast<void>(::symlink(target.filename().c_str(), link.c_str()));
    }
}

std::optional<Timestamp> Spool::find_repeated(const UploadedDump& dump) const {
    const auto folder = parts_.path_of(dump.device.str()).parent_path();
    for (const auto& link : links(dump)) {
        std::error_code none;
        const auto name = fs::read_symlink(folder / link, none);
        if (none) continue;
        const auto record = os::read_file(folder / name.filename(), kMaxRecordBytes);
        const auto earlier = record ? parse_record(*record) : std::nullopt;
        if (!earlier || earlier->device != dump.device || earlier->sha256 != dump.sha256) continue;
        if (!deduplicate_ && earlier->idempotency_key != dump.idempotency_key) continue;
        parts_.sync(folder);  // whoever stored it may not have synced yet
        return earlier->uploaded_at;
    }
    return std::nullopt;
}

void Spool::for_each(const std::function<bool(const std::string&)>& see) const {
    if (!entry_at(parts_.folder())) return;
    parts_.prepare_import();
    for (const auto part : parts_.occupied()) {
        for (const auto& name : parts_.names(part)) {
            if (!see(name)) return;
        }
        parts_.tidy(part);
    }
}

std::optional<SpoolClaim> Spool::claim(const std::string& name) const {
    auto path = parts_.path_of(name);
    auto lock = os::try_lock_file(path);
    if (!lock) return std::nullopt;
    return SpoolClaim{std::move(path), std::move(*lock)};
}

std::optional<UploadedDump> Spool::read(const SpoolClaim& claim) {
    try {
        return parse_record(os::read_all(claim.lock, kMaxRecordBytes, claim.path));
    } catch (const os::StorageError& error) {
        if (error.code() == std::errc::file_too_large) return std::nullopt;
        throw;
    }
}

void Spool::remove(const SpoolClaim& claim) const noexcept {
    try {
        auto totals = parts_.lock();
        const auto entry = entry_at(claim.path);
        if (!entry || !os::remove_file(claim.path)) return;
        totals.subtract(SpoolParts::part_of(claim.path), entry->on_disk);
    } catch (const os::StorageError& error) {
        log::error("cannot remove a spooled core dump", {{"error", error.what()}});
    }
}

void Spool::quarantine(const SpoolClaim& claim) const {
    os::ensure_folder(parts_.quarantine());
    const auto target = parts_.quarantine() / claim.path.filename();
    {
        auto totals = parts_.lock();
        const auto entry = entry_at(claim.path);
        auto seen = parts_.quarantined(totals);
        if (!os::rename_to_free(claim.path, target)) {
            os::rename_over(claim.path, parts_.quarantine() / layout::other_spooled_name(
                                                                  claim.path.filename().string()));
        }
        if (entry) {
            totals.subtract(SpoolParts::part_of(claim.path), entry->on_disk);
            ++seen.usage.files;
            seen.usage.bytes += entry->on_disk;
        }
        seen.changed = parts_.quarantine_changed();
        totals.set_quarantine(seen);
    }
    os::sync_folder(parts_.quarantine());
    os::sync_folder(claim.path.parent_path());
}

std::optional<UploadedDump> Spool::quarantined(const std::string& name) const {
    try {
        const auto record = os::read_file(parts_.quarantine() / name, kMaxRecordBytes);
        return record ? parse_record(*record) : std::nullopt;
    } catch (const os::StorageError& error) {
        if (error.code() == std::errc::file_too_large) return std::nullopt;
        throw;
    }
}

/// The totals notice by themselves that quarantine has changed, and the import counts what it sorts
/// in.
bool Spool::release(const std::string& name) const {
    const auto from = parts_.quarantine() / name;
    os::ensure_folder(parts_.folder());
    if (!entry_at(from) || !os::rename_to_free(from, parts_.folder() / name)) return false;
    os::sync_folder(parts_.folder());
    os::sync_folder(parts_.quarantine());
    return true;
}

std::size_t Spool::waiting_of(const DeviceKey& device) const {
    const auto prefix = device.str() + '-';
    return static_cast<std::size_t>(
        std::ranges::count_if(parts_.names(SpoolParts::part_of(parts_.path_of(prefix))),
                              [&](const std::string& name) { return name.starts_with(prefix); }));
}

SpoolState Spool::state() const noexcept {
    try {
        if (const auto totals = parts_.peek()) {
            return {totals->sum(), parts_.quarantined(*totals).usage};
        }
        // Nobody has counted yet. The first upload or import will.
        return {parts_.measure_all(), parts_.measure_quarantine()};
    } catch (const std::exception& error) {
        log::error("cannot look at the spool", {{"error", error.what()}});
        return {};
    }
}

}  // namespace coredepot::storage
