#include "db/coredumps.hpp"

#include "db/coredump_rows.hpp"
#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kRecordCoredump{"record_coredump", R"(
    SELECT coredump_id, recorded_filename, recorded_object, evicted_filename, evicted_object,
           ceil(extract(epoch FROM wait) * 1000000)::bigint AS wait
      FROM record_coredump(
             $1::bigint * interval '1 microsecond', $2::bigint * interval '1 microsecond',
             $3, $4, $5, $6, $7, decode($8, 'hex'),
             from_microseconds($9), $10, $11, $12, $13, $14))"};

// The same for a core dump that is surely new. The device is given by its ID, or by key and model;
// in the latter case a null means that the device was not found.
constexpr Statement kRecordUpload{"record_upload", R"(
    SELECT coredump_id, recorded_filename, recorded_object, evicted_filename, evicted_object,
           ceil(extract(epoch FROM wait) * 1000000)::bigint AS wait
      FROM record_upload(
             $1::bigint * interval '1 microsecond', $2::bigint * interval '1 microsecond',
             coalesce($3::bigint,
                      (SELECT d.id FROM devices d JOIN device_models m ON m.id = d.device_model_id
                        WHERE d.key = $4 AND m.code = $5)),
             $6, $7, $8, $9, decode($10, 'hex'), from_microseconds($11), $12, $13))"};

constexpr Statement kDeviceOfModel{"device_of_model", R"(
    SELECT d.id FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.key = $1 AND m.code = $2)"};

constexpr Statement kSignaturesOfDevice{"signatures_of_device", R"(
    SELECT id, signature, is_milestone FROM coredump_arrivals
     WHERE device_id = $1
     ORDER BY came_at DESC, id DESC)"};

constexpr Statement kEvictCoredumps{"evict_coredumps", R"(
    DELETE FROM coredumps WHERE id = ANY ($1::bigint[]) RETURNING filename, object)"};

// The first fifteen columns are those of to_summary().
constexpr Statement kCoredumpsOfDevice{"coredumps_of_device", R"(
    SELECT id, device_id, filename, chip, firmware_version, size, parse_status,
           uploaded_at, parsed_at, created_at, signature, title, attempts,
           CASE WHEN parse_status = 'PENDING' THEN next_attempt_at END AS next_attempt_at,
           file_expired_at
      FROM coredumps c
     WHERE device_id = $1
       AND (uploaded_at, id) < (coalesce(from_microseconds($2), 'infinity'),
                                coalesce($3::bigint, 9223372036854775807))
     ORDER BY c.uploaded_at DESC, c.id DESC
     LIMIT $4::bigint)"};

constexpr Statement kCoredumpFile{"coredump_file", R"(
    SELECT d.key, c.filename, c.object, microseconds(c.file_expired_at)
      FROM devices d LEFT JOIN coredumps c ON c.device_id = d.id AND c.id = $2
     WHERE d.id = $1)"};

constexpr Statement kDeleteCoredump{"delete_coredump", R"(
    DELETE FROM coredumps WHERE id = $2 AND device_id = $1 RETURNING filename, object)"};

// Lock the device first, as record_coredump does: two deletions of the same rows in different
// orders would deadlock. Rows that somebody else has just deleted do not count towards the limit.
constexpr Statement kDeleteSomeCoredumps{"delete_some_coredumps", R"(
    WITH device AS MATERIALIZED (SELECT id FROM devices WHERE id = $1 FOR NO KEY UPDATE),
         chosen AS MATERIALIZED (
      SELECT c.id FROM coredumps c
       WHERE c.device_id = (SELECT id FROM device)
         AND (c.uploaded_at, c.id) < (coalesce(from_microseconds($2), 'infinity'),
                                      coalesce($3::bigint, 9223372036854775807))
       ORDER BY c.uploaded_at DESC, c.id DESC
       LIMIT 1000
         FOR UPDATE OF c
    )
    DELETE FROM coredumps WHERE id = ANY (ARRAY (SELECT id FROM chosen))
    RETURNING microseconds(uploaded_at) AS uploaded_at, id, filename, object)"};

/// Reads the columns `filename` and `object`.
DumpFile to_file(Fields& fields) {
    auto filename = fields.name<DumpFilename>();
    return {std::move(filename), fields.optional_string()};
}

/// The rows have no other columns.
std::vector<DumpFile> to_files(const pqxx::result& rows) {
    std::vector<DumpFile> files;
    for (const auto& row : rows) {
        Fields fields(row);
        files.push_back(to_file(fields));
    }
    return files;
}

/// A position as two parameters, both null when there is none.
struct PositionParameters {
    explicit PositionParameters(const std::optional<CoredumpPosition>& position) {
        if (!position) return;
        uploaded_at = std::to_string(position->uploaded_at.time_since_epoch().count());
        id = std::to_string(position->id);
    }
    std::optional<std::string> uploaded_at;  ///< microseconds since 1970
    std::optional<std::string> id;
};

/// Also applies retention when that goes by arrival; otherwise evict() does. `Executor` is a
/// session or one of its transactions.
template <class Executor>
pqxx::result record(Executor& executor, std::int64_t device_id, const NewCoredump& coredump,
                    const StoreRules& rules, const UploadLimit& limit) {
    std::optional<std::string> key;
    if (coredump.idempotency_key) key = coredump.idempotency_key->str();
    std::optional<std::string> keep;
    if (rules.retention == Retention::Oldest) keep = std::to_string(rules.keep);
    return executor.execute(
        kRecordCoredump, std::int64_t{limit.window().count()}, std::int64_t{limit.refill.count()},
        device_id, coredump.filename.str(), coredump.chip.str(), coredump.firmware_version.str(),
        coredump.size, nullable(coredump.sha256),
        static_cast<std::int64_t>(coredump.uploaded_at.time_since_epoch().count()), nullable(key),
        rules.deduplicate, nullable(keep), coredump.arrival == Arrival::Late,
        nullable(coredump.object));
}

/// Whether record_upload() can record it. With a higher limit of rows, it would make a long list
/// for each upload.
bool is_surely_new(const NewCoredump& coredump, const StoreRules& rules) {
    constexpr int kMostKept = 1000;
    return coredump.arrival == Arrival::Now && !coredump.idempotency_key && !rules.deduplicate &&
           rules.retention == Retention::Oldest && rules.keep <= kMostKept;
}

pqxx::result record_upload(Session& session, const NewCoredump& coredump, const StoreRules& rules,
                           const UploadLimit& limit) {
    std::optional<std::string> id;
    std::optional<std::string> key;
    std::optional<std::string> model_code;
    if (coredump.device_id != NewCoredump::kByKey) {
        id = std::to_string(coredump.device_id);
    } else {
        key = coredump.device.value().key.str();
        model_code = coredump.device->model_code.str();
    }
    return session.execute(
        kRecordUpload, std::int64_t{limit.window().count()}, std::int64_t{limit.refill.count()},
        nullable(id), nullable(key), nullable(model_code), coredump.filename.str(),
        coredump.chip.str(), coredump.firmware_version.str(), coredump.size,
        nullable(coredump.sha256),
        static_cast<std::int64_t>(coredump.uploaded_at.time_since_epoch().count()),
        std::int64_t{rules.keep}, nullable(coredump.object));
}

/// Empty when there is no such device.
std::optional<std::int64_t> find_device(Session& session, const NewCoredump& coredump) {
    if (coredump.device_id != NewCoredump::kByKey) return coredump.device_id;
    const auto& device = coredump.device.value();
    const auto rows = session.execute(kDeviceOfModel, device.key.str(), device.model_code.str());
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).integer();
}

/// The first row is the recorded one. One row for each evicted core dump follows.
StoreOutcome to_outcome(const pqxx::result& rows) {
    std::optional<StoredCoredump> stored;
    for (const auto& row : rows) {
        Fields fields(row);
        const auto id = fields.optional_integer();
        const auto recorded = fields.optional_text();
        auto object = fields.optional_string();
        const auto evicted = fields.optional_text();
        auto evicted_object = fields.optional_string();
        const auto wait = fields.optional_integer();
        if (wait) return OverLimit{std::chrono::microseconds(*wait)};
        if (!id && recorded) return NameTaken{};
        if (!stored) {
            stored = {id.value(), {DumpFilename::trusted(recorded.value()), std::move(object)}, {}};
        } else {
            stored->evicted.push_back(
                {DumpFilename::trusted(evicted.value()), std::move(evicted_object)});
        }
    }
    if (!stored) return DeviceGone{};
    return std::move(*stored);
}

/// Applies Retention::Diverse. The transaction must hold the device's lock. Returns the evicted
/// files.
std::vector<DumpFile> evict(Session::Transaction& transaction, std::int64_t device_id,
                            std::int64_t accepted, int keep) {
    std::vector<KeptCoredump> coredumps;
    for (const auto& row : transaction.execute(kSignaturesOfDevice, device_id)) {
        Fields fields(row);
        coredumps.push_back({fields.integer(), fields.optional_string(), fields.truth()});
    }
    std::string ids;
    for (const auto id : surplus(std::move(coredumps), accepted, static_cast<std::size_t>(keep))) {
        ids += (ids.empty() ? '{' : ',') + std::to_string(id);
    }
    if (ids.empty()) return {};
    return to_files(transaction.execute(kEvictCoredumps, ids + '}'));
}

}  // namespace

StoreOutcome Coredumps::store(const NewCoredump& coredump, const StoreRules& rules,
                              const UploadLimit& limit) {
    auto& session = database_.session();
    if (is_surely_new(coredump, rules)) {
        try {
            return to_outcome(record_upload(session, coredump, rules, limit));
        } catch (const pqxx::unique_violation&) {  // it is not new: see below
        }
    }
    const auto device_id = find_device(session, coredump);
    if (!device_id) return DeviceGone{};
    if (rules.retention == Retention::Oldest) {
        return to_outcome(record(session, *device_id, coredump, rules, limit));
    }
    StoreOutcome outcome = DeviceGone{};
    session.transact([&](Session::Transaction& transaction) {
        outcome = to_outcome(record(transaction, *device_id, coredump, rules, limit));
        auto* stored = std::get_if<StoredCoredump>(&outcome);
        if (stored == nullptr || stored->file.filename != coredump.filename) return;
        stored->evicted = evict(transaction, *device_id, stored->id, rules.keep);
    });
    return outcome;
}

std::vector<CoredumpSummary> Coredumps::of_device(std::int64_t device_id,
                                                  const std::optional<CoredumpPosition>& after,
                                                  std::int64_t limit) {
    const PositionParameters position(after);
    std::vector<CoredumpSummary> coredumps;
    for (const auto& row :
         database_.session().execute(kCoredumpsOfDevice, device_id, nullable(position.uploaded_at),
                                     nullable(position.id), limit)) {
        Fields fields(row);
        coredumps.push_back(to_summary(fields));
    }
    return coredumps;
}

std::optional<CoredumpDetail> Coredumps::find(const std::optional<std::int64_t>& device_id,
                                              std::int64_t id) {
    return find_detail(database_.session(), device_id, id);
}

std::optional<Coredumps::File> Coredumps::file(std::int64_t device_id, std::int64_t id) {
    const auto rows = database_.session().execute(kCoredumpFile, device_id, id);
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    auto device = fields.name<DeviceKey>();
    auto filename = fields.optional_name<DumpFilename>();
    auto object = fields.optional_string();
    File file{std::move(device), std::nullopt, fields.optional_timestamp()};
    if (filename) file.file = {std::move(*filename), std::move(object)};
    return file;
}

std::optional<DumpFile> Coredumps::remove(std::int64_t device_id, std::int64_t id) {
    auto files = to_files(database_.session().execute(kDeleteCoredump, device_id, id));
    if (files.empty()) return std::nullopt;
    return std::move(files.front());
}

Coredumps::Removed Coredumps::remove_some(std::int64_t device_id,
                                          const std::optional<CoredumpPosition>& after) {
    const PositionParameters position(after);
    Removed removed;
    for (const auto& row :
         database_.session().execute(kDeleteSomeCoredumps, device_id,
                                     nullable(position.uploaded_at), nullable(position.id))) {
        Fields fields(row);
        const CoredumpPosition at{fields.timestamp(), fields.integer()};
        if (!removed.last || at < *removed.last) removed.last = at;
        removed.files.push_back(to_file(fields));
    }
    return removed;
}

}  // namespace coredepot::db
