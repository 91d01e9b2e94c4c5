// fsck of core dumps' files without rows.

#include <algorithm>
#include <tuple>

#include "core/forgotten_database.hpp"
#include "core/fsck/fsck.hpp"
#include "core/fsck/suspicion.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/disk_layout.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
namespace layout = storage::layout;

namespace {

/// Of a core dump's file; "" when it is gone or too large to be one.
std::string sha256_of(const fs::path& path) {
    try {
        const auto bytes = os::read_file(path, kMaxCoredumpBytes);
        return bytes ? sha256_hex(*bytes) : "";
    } catch (const os::StorageError& error) {
        if (error.code() != std::errc::file_too_large) throw;
        return "";
    }
}

}  // namespace

void Fsck::settle_orphans(const fs::path& root) {
    if (orphans_.empty()) return;
    const auto path_of = [&](const Orphan& orphan) {
        if (!orphan.is_quarantined) return root / layout::dump_path(orphan.device, orphan.filename);
        return root / layout::kQuarantine /
               layout::quarantined_name(orphan.device, orphan.filename);
    };
    if (!options_.repair) {
        for (const auto& orphan : orphans_) {
            const auto path = path_of(orphan);
            if (was_left_by_move(path, orphan)) continue;
            report(was_deleted(path, orphan) ? Fault::FileOfDeleted : Fault::FileWithoutRow, path);
        }
        return;
    }
    settle_down();
    // Each device's oldest first, the order in which they came.
    std::ranges::sort(orphans_, [](const Orphan& one, const Orphan& other) {
        return std::tie(one.device, one.filename) < std::tie(other.device, other.filename);
    });
    if (options_.make_devices) make_missing_devices();
    const bool suspicious =
        looks_like_another_database(options_, count_of_unknown_devices(), dump_files_);
    for (const auto& orphan : orphans_) {
        const auto path = path_of(orphan);
        if (suspicious && !orphan.is_of_known_device && !orphan.is_quarantined) {
            report(Fault::FileWithoutRow, path, false, NoRow::kUnknownDevice);
            continue;
        }
        try {
            settle(path, orphan);
        } catch (const db::Unavailable&) {
            throw;
        } catch (const std::exception& error) {
            log::error("cannot take care of a file without a row",
                       {{"path", path.string()}, {"error", error.what()}});
            report(Fault::FileWithoutRow, path);
        }
    }
}

/// Before anything is adopted.
void Fsck::make_missing_devices() {
    std::vector<Adoption::Name> names;
    for (const auto& orphan : orphans_) {
        if (!orphan.is_of_known_device) names.push_back({orphan.device, orphan.filename});
    }
    parts_.adoption->make_devices_of(names);
}

std::size_t Fsck::count_of_unknown_devices() const {
    return static_cast<std::size_t>(std::ranges::count_if(orphans_, [](const Orphan& orphan) {
        return !orphan.is_of_known_device && !orphan.is_quarantined;
    }));
}

void Fsck::settle(const fs::path& path, const Orphan& orphan) {
    const auto entry = storage::entry_at(path);
    if (!entry || entry->inode != orphan.inode || entry->changed != orphan.changed) {
        return;  // gone, or somebody is using it
    }
    if (orphan.is_quarantined) {
        if (!release(orphan)) report(Fault::Quarantined, path);
        return;
    }
    if (is_named(orphan)) return;  // its row has been committed since
    if (was_left_by_move(path, orphan)) return;
    if (was_deleted(path, orphan)) {
        const bool removed = os::remove_file(path);
        report(Fault::FileOfDeleted, path, removed, "removed");
        if (!removed) return;
        parts_.counters.record(metrics::Event::OrphanRemoved);
        log::warning("the file of a deleted core dump is removed", {{"path", path.string()}});
        return;
    }
    adopt(path, orphan);
}

/// Takes it out of quarantine if the obstacle to its row may be gone.
bool Fsck::release(const Orphan& orphan) {
    const storage::DumpQuarantine quarantine(*folders_.coredumps);
    const storage::QuarantinedDump dump{orphan.device, orphan.filename};
    const auto reason = quarantine.reason(dump);
    const bool may_be_over =
        !reason || *reason == NoRow::kUnknownDevice || *reason == NoRow::kDeviceDeleted;
    if (!may_be_over || (!options_.make_devices && !is_device(orphan.device))) return false;
    if (is_named(orphan) || !quarantine.release(dump)) return false;
    adopt(*folders_.coredumps / orphan.device.str() / orphan.filename.str(), orphan);
    return true;
}

/// The same for the spool's files: they go back into the spool if their device exists by now and
/// has their model. The file tells both. A file that cannot be read stays, because it would only
/// come back.
void Fsck::release_spooled() {
    for (const auto& path : spooled_) {
        // The runner imports from the spool beside that quarantine.
        const storage::Spool spool(path.parent_path().parent_path(), 0);
        const auto name = path.filename().string();
        try {
            const auto dump = spool.quarantined(name);
            const auto device = dump ? parts_.devices.find(dump->device) : std::nullopt;
            const bool may_be_over =
                device && dump->model_code.value_or(device->model_code) == device->model_code;
            const bool released = may_be_over && spool.release(name);
            report(Fault::Quarantined, path, released, released ? "back into the spool" : "");
            if (!released) continue;
            log::info("a spooled core dump goes back into the spool", {{"file", name}});
            wake_ups_->want_parse();
        } catch (const os::StorageError& error) {
            log::error("cannot take care of a spooled core dump",
                       {{"path", path.string()}, {"error", error.what()}});
            report(Fault::Quarantined, path);
        }
    }
}

void Fsck::adopt(const fs::path& path, const Orphan& orphan) {
    const auto result = parts_.adoption->adopt(orphan.device, orphan.filename);
    switch (result.outcome) {
        case Adoption::Outcome::Adopted:
            report(Fault::FileWithoutRow, path, true, "adopted");
            wake_ups_->want_parse();
            break;
        case Adoption::Outcome::Repeated:
            report(Fault::FileWithoutRow, path, true, "a repeat, removed");
            break;
        case Adoption::Outcome::Quarantined:
            report(Fault::FileWithoutRow, path, false, "quarantined: " + result.reason);
            break;
        case Adoption::Outcome::Gone:
            break;
    }
}

/// Whether exactly this file was deleted on purpose.
bool Fsck::was_deleted(const fs::path& path, const Orphan& orphan) {
    const auto deletions = parts_.deletions.of(orphan.device, orphan.filename);
    if (deletions.empty()) return false;
    const auto sha256 = sha256_of(path);
    return std::ranges::any_of(deletions, [&](const db::Deletions::Deleted& deleted) {
        return !deleted.sha256 || *deleted.sha256 == sha256;
    });
}

/// If its row names an object with the same bytes, reports and removes it.
bool Fsck::was_left_by_move(const fs::path& path, const Orphan& orphan) {
    if (parts_.copies == nullptr || orphan.is_quarantined) return false;
    try {
        const DumpFile file{orphan.filename, std::nullopt};
        if (!parts_.copies->is_surplus(orphan.device, file)) return false;
        report(Fault::CopyLeftByMove, path,
               options_.repair && parts_.copies->remove_surplus(orphan.device, file));
    } catch (const objects::Unavailable& error) {
        ++result_.failed;
        log::error("cannot tell whether a file is in the bucket, too",
                   {{"path", path.string()}, {"error", error.what()}});
    }
    return true;
}

bool Fsck::is_named(const Orphan& orphan) {
    const auto rows = parts_.inventory.coredumps_of({orphan.device});
    const auto device = rows.find(orphan.device);
    return device != rows.end() && device->second.contains(orphan.filename);
}

/// Forgets records of deletions whose file is gone, and has been for so long that nobody will
/// restore it from a backup.
void Fsck::forget_deletions(const fs::path& root) {
    constexpr std::chrono::days kKept{14};
    // If the folder is missing or not mounted, files that are not found may still exist.
    if (!storage::entry_at(root)) return;
    std::optional<db::Deletions::Name> last;
    while (true) {
        const auto page = parts_.deletions.page(last, kKept);
        if (!page.last) return;
        last = page.last;
        std::vector<db::Deletions::Name> gone;
        for (const auto& name : page.old) {
            if (dumps_->exists(name.device, name.filename)) continue;
            gone.push_back(name);
        }
        if (!gone.empty()) parts_.deletions.forget(gone, kKept);
    }
}

}  // namespace coredepot::core
