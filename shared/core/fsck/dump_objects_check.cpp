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

/// Compared as bytes, this comes after all keys of core dumps.
const std::string kBehindCoredumps = "coredumps0";
constexpr int kRowsOfPage = 1000;

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
    bucket().for_each_page(std::string(keys::kCoredumps), [&](const auto& page, const auto& after) {
        compare(page.objects, after,
                page.is_truncated ? page.objects.back().key : kBehindCoredumps);
        return true;
    });
}

/// Read the objects before the rows: a row is written after its object, so an object without a row
/// now never had one.
void DumpObjectsCheck::compare(const std::vector<objects::ListedObject>& page,
                               const std::string& after, const std::string& last) {
    std::map<std::string, State> named;
    std::vector<std::string> missing;
    auto begin = after.empty() ? std::string(keys::kCoredumps) : after;
    while (true) {
        const auto rows = parts_.rows.page(begin, last, kRowsOfPage);
        for (const auto& row : rows) {
            const bool is_listed =
                std::ranges::binary_search(page, row.object, {}, &objects::ListedObject::key);
            if (is_listed) {
                named.emplace(row.object, row.state);
            } else if (row.state == State::Kept) {
                missing.push_back(row.object);
            }
        }
        if (rows.size() < kRowsOfPage) break;
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
    // The name contains the server's time, which is another clock to check.
    const auto youngest = "coredump_" + to_compact(oldest_in_progress_);
    if (!is_old(object.last_modified) || name->filename.str() > youngest) return;
    orphans_.push_back({object.key, std::move(name->device), std::move(name->filename),
                        std::move(name->hash), object.last_modified});
}

/// The lists of some stores lag. So an object counts as missing only if asking for its key says so.
void DumpObjectsCheck::check_missing(const std::string& object) {
    if (bucket().head(object)) return;
    // Rows are removed, or say that they expired, before their objects go.
    const auto row = parts_.rows.page(object.substr(0, object.size() - 1), object, kRowsOfPage);
    const bool is_named = std::ranges::any_of(row, [&](const db::DumpObjects::Row& found) {
        return found.object == object && found.state == State::Kept;
    });
    if (is_named) report(Fault::RowWithoutFile, object);
}

void DumpObjectsCheck::check_spool() {
    bucket().for_each_page(std::string(keys::kSpool), [&](const auto& page, const auto& /*after*/) {
        for (const auto& object : page.objects) {
            if (is_old(object.last_modified)) report(Fault::SpooledForLong, object.key);
        }
        return true;
    });
}

/// What the import set aside goes back into the spool if its device exists by now and has its
/// model. What this check set aside is tried again.
void DumpObjectsCheck::check_quarantine() {
    const auto own = std::string(keys::kQuarantine).append(keys::kCoredumps);
    std::vector<std::string> found;
    bucket().for_each_page(std::string(keys::kQuarantine),
                           [&](const auto& page, const auto& /*after*/) {
                               for (const auto& object : page.objects) found.push_back(object.key);
                               return true;
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

/// Forgets records of deletions that no object can need any more: it was removed long enough ago
/// that it will not come back. If there is a folder, Fsck does this, because it knows the folder's
/// files, too.
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
