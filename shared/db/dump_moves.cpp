#include "db/dump_moves.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kDumpsToMove{"dumps_to_move", R"(
    SELECT c.id, d.key, c.filename, c.object, microseconds(c.uploaded_at), coalesce(encode(c.sha256, 'hex'), ''),
           c.chip, c.firmware_version, m.code, c.idempotency_key
      FROM coredumps c
      JOIN devices d ON d.id = c.device_id
      JOIN device_models m ON m.id = d.device_model_id
     WHERE c.id > $1 AND c.file_expired_at IS NULL AND (c.object IS NOT NULL) = $2
       AND (c.object IS NOT NULL OR is_own_store(c.store))
     ORDER BY c.id
     LIMIT $3::bigint)"};

constexpr Statement kRowOfDump{"row_of_dump", R"(
    SELECT c.id, c.object, coalesce(encode(c.sha256, 'hex'), ''), c.object IS NOT NULL OR is_own_store(c.store),
           c.file_expired_at IS NOT NULL
      FROM coredumps c JOIN devices d ON d.id = c.device_id
     WHERE d.key = $1 AND c.filename = $2)"};

constexpr Statement kLockRow{"lock_row_of_dump", R"(
    SELECT c.id FROM coredumps c JOIN devices d ON d.id = c.device_id
     WHERE d.key = $1 AND c.filename = $2
       FOR NO KEY UPDATE OF c)"};

/// While there is a lease, a runner may be about to read the dump in its old place. (If that runner
/// died, the lease passes on or ends.)
constexpr Statement kPoint{"point_to_copy", R"(
    UPDATE coredumps
       SET object = $3, store = CASE WHEN $3::text IS NULL THEN own_store() ELSE bucket_store() END
     WHERE id = $1 AND object IS NOT DISTINCT FROM $2 AND file_expired_at IS NULL AND lease IS NULL
    RETURNING id)"};

std::optional<DumpMoves::Row> first_row(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    const auto id = fields.integer<std::int64_t>();
    auto object = fields.optional_string();
    auto sha256 = fields.string();
    const bool is_here = fields.truth();
    return DumpMoves::Row{id, std::move(object), std::move(sha256), is_here, fields.truth()};
}

}  // namespace

std::vector<DumpMoves::Dump> DumpMoves::page(From from, std::int64_t after, int limit) {
    std::vector<Dump> dumps;
    for (const auto& row : database_.session().execute(kDumpsToMove, after, from == From::Bucket,
                                                       std::int64_t{limit})) {
        Fields fields(row);
        const auto id = fields.integer<std::int64_t>();
        auto device = fields.name<DeviceKey>();
        auto filename = fields.name<DumpFilename>();
        auto object = fields.optional_string();
        const auto uploaded_at = fields.timestamp();
        auto sha256 = fields.string();
        auto chip = fields.name<Chip>();
        auto version = fields.name<FirmwareVersion>();
        auto model_code = fields.name<ModelCode>();
        dumps.push_back({id,
                         std::move(device),
                         {std::move(filename), std::move(object)},
                         uploaded_at,
                         std::move(sha256),
                         {std::move(chip), std::move(version), std::move(model_code),
                          fields.optional_name<IdempotencyKey>()}});
    }
    return dumps;
}

bool DumpMoves::point(std::int64_t id, const std::optional<std::string>& from,
                      const std::optional<std::string>& to, const std::function<void()>& require) {
    bool pointed = false;
    database_.session().transact([&](Session::Transaction& transaction) {
        pointed = !transaction.execute(kPoint, id, nullable(from), nullable(to)).empty();
        if (pointed) require();
    });
    return pointed;
}

std::optional<DumpMoves::Row> DumpMoves::row(const DeviceKey& device,
                                             const DumpFilename& filename) {
    return first_row(database_.session().execute(kRowOfDump, device.str(), filename.str()));
}

void DumpMoves::with_row(const DeviceKey& device, const DumpFilename& filename,
                         const std::function<void(const std::optional<Row>&)>& decide) {
    database_.session().transact([&](Session::Transaction& transaction) {
        // Whoever held the lock has changed the row. The next statement sees its new content.
        transaction.execute(kLockRow, device.str(), filename.str());
        decide(first_row(transaction.execute(kRowOfDump, device.str(), filename.str())));
    });
}

}  // namespace coredepot::db
