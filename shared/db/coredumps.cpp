#include "db/coredumps.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kRecordCoredump{"record_coredump", R"(
    SELECT coredump_id, recorded_filename, evicted_filename,
           ceil(extract(epoch FROM wait) * 1000000)::bigint AS wait
      FROM record_coredump(
             $1::bigint * interval '1 microsecond', $2::bigint * interval '1 microsecond',
             $3, $4, $5, $6, $7, decode($8, 'hex'),
             timestamptz 'epoch' + $9::bigint * interval '1 microsecond', $10, $11, $12))"};

constexpr Statement kSignaturesOfDevice{"signatures_of_device", R"(
    SELECT id, signature FROM coredumps c
     WHERE device_id = $1
     ORDER BY c.uploaded_at DESC, c.id DESC)"};

constexpr Statement kEvictCoredumps{"evict_coredumps", R"(
    DELETE FROM coredumps WHERE id = ANY ($1::bigint[]) RETURNING filename)"};

constexpr Statement kCoredumpsOfDevice{"coredumps_of_device", R"(
    SELECT id, device_id, filename, chip, firmware_version, size, parse_status, signature, title,
           attempts,
           CASE WHEN parse_status = 'PENDING'
                THEN (extract(epoch FROM next_attempt_at) * 1000000)::bigint END AS next_attempt_at,
           (extract(epoch FROM uploaded_at) * 1000000)::bigint AS uploaded_at,
           (extract(epoch FROM parsed_at) * 1000000)::bigint AS parsed_at,
           (extract(epoch FROM created_at) * 1000000)::bigint AS created_at
      FROM coredumps c
     WHERE device_id = $1
     ORDER BY c.uploaded_at DESC, c.id DESC)"};

constexpr Statement kCoredumpOfDevice{"coredump_of_device", R"(
    SELECT id, device_id, filename, chip, firmware_version, size, parse_status, signature, title,
           attempts,
           CASE WHEN parse_status = 'PENDING'
                THEN (extract(epoch FROM next_attempt_at) * 1000000)::bigint END AS next_attempt_at,
           last_error, lease IS NOT NULL AS leased, leased_by, parsed_output, report::text AS report,
           (extract(epoch FROM uploaded_at) * 1000000)::bigint AS uploaded_at,
           (extract(epoch FROM parsed_at) * 1000000)::bigint AS parsed_at,
           (extract(epoch FROM created_at) * 1000000)::bigint AS created_at,
           (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at
      FROM coredumps
     WHERE id = $2 AND device_id = $1)"};

constexpr Statement kDeleteCoredump{"delete_coredump", R"(
    DELETE FROM coredumps WHERE id = $2 AND device_id = $1 RETURNING filename)"};

// Locks the device first, as store_coredump does: two deletions of the same rows in different
// orders would be a deadlock.
constexpr Statement kDeleteAllCoredumps{"delete_all_coredumps", R"(
    WITH device AS MATERIALIZED (SELECT id FROM devices WHERE id = $1 FOR NO KEY UPDATE)
    DELETE FROM coredumps c USING device WHERE c.device_id = device.id RETURNING c.filename)"};

DumpFilename filename(const pqxx::field& field) {
    return DumpFilename::trusted(field.c_str());
}

std::vector<DumpFilename> filenames(const pqxx::result& rows) {
    std::vector<DumpFilename> names;
    for (const auto& row : rows) names.push_back(filename(row["filename"]));
    return names;
}

CoredumpSummary to_summary(const pqxx::row& row) {
    return {row["id"].as<std::int64_t>(),
            row["device_id"].as<std::int64_t>(),
            filename(row["filename"]),
            row["chip"].as<std::string>(),
            row["firmware_version"].as<std::string>(),
            row["size"].as<std::int64_t>(),
            parse_status_from(row["parse_status"].c_str()),
            timestamp(row["uploaded_at"]),
            optional_timestamp(row["parsed_at"]),
            timestamp(row["created_at"]),
            optional_text(row["signature"]),
            optional_text(row["title"]),
            row["attempts"].as<int>(),
            optional_timestamp(row["next_attempt_at"])};
}

std::optional<Lease> to_lease(const pqxx::row& row) {
    if (!row["leased"].as<bool>()) return std::nullopt;
    return Lease{optional_text(row["leased_by"]).value_or(""), timestamp(row["next_attempt_at"])};
}

/// With retention where it is by age; otherwise that is for evict(). `Executor`: a session, or a
/// transaction of it.
template <class Executor>
pqxx::result record(Executor& executor, const NewCoredump& coredump, const StoreRules& rules,
                    const UploadLimit& limit) {
    std::optional<std::string> key;
    if (coredump.idempotency_key) key = coredump.idempotency_key->str();
    std::optional<std::string> keep;
    if (rules.retention == Retention::Oldest) keep = std::to_string(rules.keep);
    return executor.execute(
        kRecordCoredump, std::int64_t{limit.window().count()}, std::int64_t{limit.refill.count()},
        coredump.device_id, coredump.filename.str(), coredump.chip.str(),
        coredump.firmware_version.str(), coredump.size, nullable(coredump.sha256),
        static_cast<std::int64_t>(coredump.uploaded_at.time_since_epoch().count()), nullable(key),
        rules.deduplicate, nullable(keep));
}

StoreOutcome to_outcome(const pqxx::result& rows) {
    if (rows.empty()) return DeviceGone{};
    if (!rows[0]["wait"].is_null()) {
        return OverLimit{std::chrono::microseconds(rows[0]["wait"].as<std::int64_t>())};
    }
    StoredCoredump stored{
        rows[0]["coredump_id"].as<std::int64_t>(), filename(rows[0]["recorded_filename"]), {}};
    for (const auto& row : rows) {
        if (row["coredump_id"].is_null()) {
            stored.evicted.push_back(filename(row["evicted_filename"]));
        }
    }
    return stored;
}

/// Retention::Diverse, under the device's lock, which the transaction has. The names of the files.
std::vector<DumpFilename> evict(Session::Transaction& transaction, std::int64_t device_id,
                                std::int64_t accepted, int keep) {
    std::vector<KeptCoredump> coredumps;
    for (const auto& row : transaction.execute(kSignaturesOfDevice, device_id)) {
        coredumps.push_back({row["id"].as<std::int64_t>(), optional_text(row["signature"])});
    }
    std::string ids;
    for (const auto id : surplus(std::move(coredumps), accepted, static_cast<std::size_t>(keep))) {
        ids += (ids.empty() ? '{' : ',') + std::to_string(id);
    }
    if (ids.empty()) return {};
    return filenames(transaction.execute(kEvictCoredumps, ids + '}'));
}

}  // namespace

StoreOutcome Coredumps::store(const NewCoredump& coredump, const StoreRules& rules,
                              const UploadLimit& limit) {
    auto& session = database_.session();
    if (rules.retention == Retention::Oldest) {
        return to_outcome(record(session, coredump, rules, limit));
    }
    StoreOutcome outcome = DeviceGone{};
    session.transact([&](Session::Transaction& transaction) {
        outcome = to_outcome(record(transaction, coredump, rules, limit));
        auto* stored = std::get_if<StoredCoredump>(&outcome);
        if (stored == nullptr || stored->filename != coredump.filename) return;
        stored->evicted = evict(transaction, coredump.device_id, stored->id, rules.keep);
    });
    return outcome;
}

std::vector<CoredumpSummary> Coredumps::of_device(std::int64_t device_id) {
    std::vector<CoredumpSummary> coredumps;
    for (const auto& row : database_.session().execute(kCoredumpsOfDevice, device_id)) {
        coredumps.push_back(to_summary(row));
    }
    return coredumps;
}

std::optional<CoredumpDetail> Coredumps::find(std::int64_t device_id, std::int64_t id) {
    const auto rows = database_.session().execute(kCoredumpOfDevice, device_id, id);
    if (rows.empty()) return std::nullopt;
    return CoredumpDetail{to_summary(rows[0]),
                          optional_text(rows[0]["parsed_output"]),
                          timestamp(rows[0]["updated_at"]),
                          optional_text(rows[0]["report"]),
                          optional_text(rows[0]["last_error"]),
                          to_lease(rows[0])};
}

std::optional<DumpFilename> Coredumps::remove(std::int64_t device_id, std::int64_t id) {
    const auto names = filenames(database_.session().execute(kDeleteCoredump, device_id, id));
    if (names.empty()) return std::nullopt;
    return names.front();
}

std::vector<DumpFilename> Coredumps::remove_all(std::int64_t device_id) {
    return filenames(database_.session().execute(kDeleteAllCoredumps, device_id));
}

}  // namespace coredepot::db
