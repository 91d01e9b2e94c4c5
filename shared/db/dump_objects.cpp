#include "db/dump_objects.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kReserveObjects{"reserve_objects", R"(
    SELECT pg_try_advisory_lock(hashtextextended('objects of core dumps', 0)))"};

constexpr Statement kObjectsAfter{"objects_after", R"(
    SELECT c.object, c.file_expired_at IS NOT NULL,
           c.file_expired_at IS NOT NULL
           AND EXISTS (SELECT FROM expired_files e WHERE e.coredump_id = c.id)
      FROM coredumps c
     WHERE c.object COLLATE "C" > $1 AND c.object COLLATE "C" <= $2
     ORDER BY c.object COLLATE "C"
     LIMIT $3::bigint)"};

constexpr Statement kNamed{"file_of_name", R"(
    SELECT c.object, encode(c.sha256, 'hex')
      FROM coredumps c JOIN devices d ON d.id = c.device_id
     WHERE d.key = $1 AND c.filename = $2)"};

}  // namespace

bool DumpObjects::reserve() {
    return Fields(database_.session().execute(kReserveObjects)[0]).truth();
}

std::vector<DumpObjects::Row> DumpObjects::page(const std::string& after, const std::string& last,
                                                int limit) {
    std::vector<Row> rows;
    for (const auto& row :
         database_.session().execute(kObjectsAfter, after, last, std::int64_t{limit})) {
        Fields fields(row);
        auto object = fields.string();
        const bool has_expired = fields.truth();
        const auto gone = fields.truth() ? State::Expiring : State::Expired;
        rows.push_back({std::move(object), has_expired ? gone : State::Kept});
    }
    return rows;
}

std::optional<DumpObjects::Named> DumpObjects::named(const DeviceKey& device,
                                                     const DumpFilename& filename) {
    for (const auto& row : database_.session().execute(kNamed, device.str(), filename.str())) {
        Fields fields(row);
        auto object = fields.optional_string();
        return Named{std::move(object), fields.optional_string()};
    }
    return std::nullopt;
}

}  // namespace coredepot::db
