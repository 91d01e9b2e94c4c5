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

/// With a lease a runner is about to read it where it was. (One whose runner died gets another, or
/// loses it.)
constexpr Statement kPoint{"point_to_copy", R"(
    UPDATE coredumps
       SET object = $3, store = CASE WHEN $3::text IS NULL THEN own_store() ELSE bucket_store() END
     WHERE id = $1 AND object IS NOT DISTINCT FROM $2 AND file_expired_at IS NULL AND lease IS NULL
    RETURNING id)"};

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
                      const std::optional<std::string>& to) {
    return !database_.session().execute(kPoint, id, nullable(from), nullable(to)).empty();
}

}  // namespace coredepot::db
