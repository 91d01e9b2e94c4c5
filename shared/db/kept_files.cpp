#include "db/kept_files.hpp"

#include <algorithm>
#include <limits>

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kReserve{
    "reserve_retention", "SELECT pg_try_advisory_lock(hashtextextended('retention of files', 0))"};
constexpr Statement kRelease{
    "release_retention", "SELECT pg_advisory_unlock(hashtextextended('retention of files', 0))"};

constexpr Statement kState{"kept_files", R"(
    SELECT greatest(k.files + c.files, 0), greatest(k.bytes + c.bytes, 0), k.unmet_limit
      FROM kept_files k,
           (SELECT coalesce(sum(files), 0)::bigint AS files, coalesce(sum(bytes), 0)::bigint AS bytes
              FROM coredump_file_changes) AS c)"};

constexpr Statement kTakeInChanges{"take_in_file_changes", "SELECT take_in_file_changes()"};
constexpr Statement kRecount{"recount_kept_files", "SELECT recount_kept_files()"};
constexpr Statement kExpire{"expire_files", "SELECT expire_files($1, $2, $3, $4)"};
constexpr Statement kExpireLocal{"expire_local_files", "SELECT expire_local_files($1, $2, $3, $4)"};
constexpr Statement kExpireBefore{"expire_old_files",
                                  "SELECT expire_old_files(from_microseconds($1), $2)"};
constexpr Statement kNoteUnmet{"note_unmet_limit", "SELECT note_unmet_limit($1)"};

constexpr Statement kToRemove{"expired_files_to_remove", R"(
    SELECT coredump_id, device_key, filename, object FROM expired_files
     WHERE is_own_store(store)
     ORDER BY coredump_id
     LIMIT 1000)"};
constexpr Statement kRemoved{"expired_files_removed", R"(
    DELETE FROM expired_files WHERE coredump_id = ANY ($1::bigint[]))"};

std::int64_t to_signed(std::uint64_t number) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(number, kMost));
}

}  // namespace

bool KeptFiles::reserve() {
    return Fields(database_.session().execute(kReserve)[0]).truth();
}

void KeptFiles::release() {
    database_.session().execute(kRelease);
}

KeptFilesState KeptFiles::state() {
    const auto rows = database_.session().execute(kState);
    Fields fields(rows.at(0));
    return {fields.integer<std::uint64_t>(), fields.integer<std::uint64_t>(),
            fields.optional_string()};
}

bool KeptFiles::take_in_changes() {
    return Fields(database_.session().execute(kTakeInChanges)[0]).truth();
}

bool KeptFiles::recount() {
    return Fields(database_.session().execute(kRecount)[0]).truth();
}

std::int64_t KeptFiles::expire(const Need& need) {
    return Fields(database_.session().execute(need.only_local ? kExpireLocal : kExpire,
                                              to_signed(need.bytes), to_signed(need.block),
                                              need.most_files, need.keep)[0])
        .integer();
}

std::int64_t KeptFiles::expire_before(Timestamp before, std::int64_t most_files) {
    return Fields(database_.session().execute(kExpireBefore,
                                              std::int64_t{before.time_since_epoch().count()},
                                              most_files)[0])
        .integer();
}

void KeptFiles::note_unmet(const std::optional<std::string>& setting) {
    database_.session().execute(kNoteUnmet, nullable(setting));
}

std::vector<KeptFiles::Expired> KeptFiles::to_remove() {
    std::vector<Expired> files;
    for (const auto& row : database_.session().execute(kToRemove)) {
        Fields fields(row);
        const auto id = fields.integer();
        auto device = fields.name<DeviceKey>();
        auto filename = fields.name<DumpFilename>();
        files.push_back({id, std::move(device), {std::move(filename), fields.optional_string()}});
    }
    return files;
}

void KeptFiles::removed(const std::vector<Expired>& files) {
    std::string ids;
    for (const auto& file : files) {
        ids.append(ids.empty() ? "{" : ",").append(std::to_string(file.coredump_id));
    }
    if (!ids.empty()) database_.session().execute(kRemoved, ids + '}');
}

}  // namespace coredepot::db
