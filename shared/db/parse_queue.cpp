#include "db/parse_queue.hpp"

#include "db/session.hpp"
#include "db/text_array.hpp"
#include "os/host.hpp"
#include "text/hex.hpp"

namespace coredepot::db {
namespace {

// From this process's own store, from an unknown store (the nil UUID), or from the bucket. The
// groups that only get smaller come first.
constexpr Statement kClaimCoredump{"claim_coredump", R"(
    WITH anywhere AS MATERIALIZED (
      SELECT id FROM coredumps
       WHERE parse_status = 'PENDING' AND store = '00000000-0000-0000-0000-000000000000' AND next_attempt_at <= now()
       ORDER BY next_attempt_at, id
       LIMIT 1
         FOR UPDATE SKIP LOCKED
    ), here AS MATERIALIZED (
      SELECT id FROM coredumps
       WHERE parse_status = 'PENDING' AND store = own_store() AND next_attempt_at <= now()
         AND NOT EXISTS (SELECT FROM anywhere)
       ORDER BY next_attempt_at, id
       LIMIT 1
         FOR UPDATE SKIP LOCKED
    ), in_bucket AS MATERIALIZED (
      SELECT id FROM coredumps
       WHERE parse_status = 'PENDING' AND store = bucket_store() AND next_attempt_at <= now()
         AND $3 AND NOT EXISTS (SELECT FROM anywhere) AND NOT EXISTS (SELECT FROM here)
       ORDER BY next_attempt_at, id
       LIMIT 1
         FOR UPDATE SKIP LOCKED
    ), due AS (
      SELECT id FROM anywhere UNION ALL SELECT id FROM here UNION ALL SELECT id FROM in_bucket
    )
    UPDATE coredumps c
       SET lease = gen_random_uuid(), leased_by = $2, leased_alone = false,
           -- With a lease: whoever has it was lost, and its attempt is made again.
           attempts  = attempts + CASE WHEN lease IS NULL THEN 1 ELSE 0 END,
           suspicion = CASE WHEN lease IS NULL THEN suspicion
                            WHEN leased_alone  THEN suspicion + 1
                            ELSE greatest(suspicion, 1) END,
           next_attempt_at = now() + $1::bigint * interval '1 second'
      FROM due, devices d, device_models m
           LEFT JOIN signature_rules s ON s.device_model_id = m.id
     WHERE c.id = due.id AND d.id = c.device_id AND m.id = d.device_model_id
    RETURNING c.id, c.lease, c.attempts, c.suspicion, d.key AS device_key, d.device_model_id,
              m.code AS model_code, m.firmware_revision, c.filename, c.chip,
              c.firmware_version, s.rules::text, coalesce(s.revision, 0),
              c.store <> '00000000-0000-0000-0000-000000000000' AS is_here, c.object)"};

constexpr Statement kIsDue{"is_parse_due", R"(
    SELECT (SELECT id FROM coredumps
             WHERE parse_status = 'PENDING' AND store = '00000000-0000-0000-0000-000000000000'
               AND next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT 1) IS NOT NULL
        OR (SELECT id FROM coredumps
             WHERE parse_status = 'PENDING' AND store = own_store() AND next_attempt_at <= now()
             ORDER BY next_attempt_at, id LIMIT 1) IS NOT NULL
        OR ($1 AND (SELECT id FROM coredumps
             WHERE parse_status = 'PENDING' AND store = bucket_store() AND next_attempt_at <= now()
             ORDER BY next_attempt_at, id LIMIT 1) IS NOT NULL))"};

// A page for each other store, of rows that have been due for a while. (The first part takes one
// step per store, however many rows there are.)
constexpr Statement kWaitingElsewhere{"waiting_elsewhere", R"(
    WITH RECURSIVE stores AS (
      (SELECT store FROM coredumps WHERE parse_status = 'PENDING'
          AND store > '00000000-0000-0000-0000-000000000000'
        ORDER BY store LIMIT 1)
      UNION ALL
      SELECT (SELECT c.store FROM coredumps c
               WHERE c.parse_status = 'PENDING' AND c.store > s.store ORDER BY c.store LIMIT 1)
        FROM stores s WHERE s.store IS NOT NULL
    )
    SELECT c.id, (SELECT key FROM devices WHERE id = c.device_id) AS device_key, c.filename
      FROM stores s,
           LATERAL (SELECT id, device_id, filename FROM coredumps
                     WHERE parse_status = 'PENDING' AND store = s.store
                       AND next_attempt_at < now() - $1::bigint * interval '1 second'
                     ORDER BY next_attempt_at, id LIMIT 100) c
     WHERE s.store NOT IN (own_store(), bucket_store()) AND own_store() <> '00000000-0000-0000-0000-000000000000')"};

constexpr Statement kTakeOver{"take_over", R"(
    UPDATE coredumps SET store = own_store()
     WHERE id = ANY ($1::bigint[]) AND parse_status = 'PENDING')"};

// In hundreds, each in its own transaction: nobody waits long for one, and the planner uses the
// queue's index.
constexpr Statement kBringForward{"bring_forward", R"(
    UPDATE coredumps
       SET next_attempt_at = now() + CASE WHEN lease IS NULL THEN interval '0'
                                          ELSE $2::bigint * interval '1 second' END
     WHERE id = ANY (ARRAY (
             SELECT id FROM coredumps
              WHERE parse_status = 'PENDING' AND store = '00000000-0000-0000-0000-000000000000'
                AND next_attempt_at > now() + $1::bigint * interval '1 second'
              ORDER BY next_attempt_at, id
              LIMIT 100
                FOR UPDATE SKIP LOCKED) || ARRAY (
             SELECT id FROM coredumps
              WHERE parse_status = 'PENDING' AND store = own_store()
                AND next_attempt_at > now() + $1::bigint * interval '1 second'
              ORDER BY next_attempt_at, id
              LIMIT 100
                FOR UPDATE SKIP LOCKED) || ARRAY (
             SELECT id FROM coredumps
              WHERE parse_status = 'PENDING' AND store = bucket_store()
                AND next_attempt_at > now() + $1::bigint * interval '1 second'
              ORDER BY next_attempt_at, id
              LIMIT 100
                FOR UPDATE SKIP LOCKED)))"};

constexpr Statement kParseAlone{"parse_alone", R"(
    UPDATE coredumps
       SET leased_alone = true, next_attempt_at = now() + $3::bigint * interval '1 second'
     WHERE id = $1 AND lease = $2::uuid)"};

constexpr Statement kRenewLease{"renew_lease", R"(
    UPDATE coredumps SET next_attempt_at = now() + $3::bigint * interval '1 second'
     WHERE id = $1 AND lease = $2::uuid)"};

// Either the change of the rules waits for this statement and then has the core dump parsed again,
// or this statement waits and sees the new rules.
constexpr Statement kRecordParsed{"record_parsed", R"(
    SELECT record_parse($1, $2::uuid, $3, $4, $5, $6::json, $7::json, $8, $9, $10, decode($11, 'hex')) AS recorded)"};

constexpr Statement kRecordError{"record_error", R"(
    UPDATE coredumps
       SET parse_status = 'ERROR', parsed_output = $3, last_error = $3, updated_at = now(),
           parsed_at = NULL, signature = NULL, title = NULL, report = NULL, packed_result = NULL, lease = NULL,
           attempts = attempts - CASE WHEN $4 THEN 0 ELSE 1 END
     WHERE id = $1 AND lease = $2::uuid)"};

// An upload of firmware holds the model's row while it puts files in place. This statement waits
// for it and then sees the new revision. (PostgreSQL reads a row again after waiting for it.)
constexpr Statement kRecordWant{"record_want", R"(
    WITH model AS MATERIALIZED (
      SELECT firmware_revision > $6 AS has_news FROM device_models WHERE id = $5 FOR SHARE
    )
    UPDATE coredumps
       SET parse_status          = CASE WHEN has_news THEN 'PENDING'
                                        WHEN parsed_at IS NOT NULL THEN 'PARSED' ELSE 'ERROR' END,
           parsed_output         = CASE WHEN has_news OR parsed_at IS NOT NULL THEN parsed_output
                                        ELSE $3 END,
           awaits_firmware_since = CASE WHEN has_news OR parsed_at IS NOT NULL THEN NULL
                                        ELSE $6::bigint END,
           awaits_elf            = CASE WHEN has_news OR parsed_at IS NOT NULL THEN NULL
                                        ELSE $4 END,
           last_error = $3, next_attempt_at = now(), updated_at = now(), lease = NULL,
           attempts = attempts - 1
      FROM model
     WHERE id = $1 AND lease = $2::uuid
    RETURNING parse_status)"};

constexpr Statement kRecordFailure{"record_failure", R"(
    UPDATE coredumps
       SET next_attempt_at = now() + $4::bigint * interval '1 second', last_error = $3,
           updated_at = now(), lease = NULL, suspicion = 0
     WHERE id = $1 AND lease = $2::uuid)"};

constexpr Statement kReleaseClaim{"release_claim", R"(
    UPDATE coredumps SET next_attempt_at = now(), attempts = attempts - 1, lease = NULL
     WHERE id = $1 AND lease = $2::uuid)"};

std::int64_t seconds(std::chrono::seconds duration) {
    return duration.count();
}

}  // namespace

std::optional<Claim> ParseQueue::claim(std::chrono::seconds lease, Objects objects) {
    const auto rows = database_.session().execute(kClaimCoredump, seconds(lease),
                                                  os::process_name(), objects == Objects::Too);
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return Claim{fields.integer(),
                 fields.string(),
                 fields.integer<int>(),
                 fields.integer<int>(),
                 fields.name<DeviceKey>(),
                 fields.integer(),
                 fields.name<ModelCode>(),
                 fields.integer(),
                 fields.name<DumpFilename>(),
                 fields.name<Chip>(),
                 fields.name<FirmwareVersion>(),
                 fields.optional_string(),
                 fields.integer(),
                 fields.truth(),
                 fields.optional_string()};
}

bool ParseQueue::is_due(Objects objects) {
    return Fields(database_.session().execute(kIsDue, objects == Objects::Too)[0]).truth();
}

std::vector<WaitingElsewhere> ParseQueue::waiting_elsewhere(std::chrono::seconds since) {
    std::vector<WaitingElsewhere> waiting;
    for (const auto& row : database_.session().execute(kWaitingElsewhere, seconds(since))) {
        Fields fields(row);
        const auto id = fields.integer();
        auto device = fields.name<DeviceKey>();
        waiting.push_back({id, std::move(device), fields.name<DumpFilename>()});
    }
    return waiting;
}

void ParseQueue::take_over(const std::vector<std::int64_t>& coredumps) {
    TextArray ids;
    for (const auto id : coredumps) ids.add(std::to_string(id));
    database_.session().execute(kTakeOver, ids.str());
}

std::int64_t ParseQueue::bring_forward(std::chrono::seconds longest, std::chrono::seconds lease) {
    std::int64_t count = 0;
    while (true) {
        const auto changed =
            static_cast<std::int64_t>(database_.session()
                                          .execute(kBringForward, seconds(longest), seconds(lease))
                                          .affected_rows());
        if (changed == 0) return count;
        count += changed;
    }
}

bool ParseQueue::parse_alone(const Claim& claim, std::chrono::seconds lease) {
    return database_.session()
               .execute(kParseAlone, claim.coredump_id, claim.lease, seconds(lease))
               .affected_rows() == 1;
}

bool ParseQueue::renew(const Claim& claim, std::chrono::seconds lease) {
    return database_.session()
               .execute(kRenewLease, claim.coredump_id, claim.lease, seconds(lease))
               .affected_rows() == 1;
}

bool ParseQueue::record_parsed(const Claim& claim, const CrashReport& report,
                               const std::optional<FirmwareVersion>& decoded_with) {
    const auto* version = decoded_with ? decoded_with->str().c_str() : nullptr;
    std::optional<std::string> packed;
    if (report.packed) packed = to_hex(*report.packed);
    // If the report is packed, pass only the part that counting reads as well.
    const auto* output = packed ? nullptr : report.output.c_str();
    const auto* details = packed && report.counted ? nullptr : nullable(report.details);
    const auto rows = database_.session().execute(
        kRecordParsed, claim.coredump_id, claim.lease, output, nullable(report.signature),
        nullable(report.title), details, nullable(report.counted), version, claim.device_model_id,
        claim.signature_rules_revision, nullable(packed));
    return Fields(rows[0]).truth();
}

bool ParseQueue::record_error(const Claim& claim, const std::string& output, bool attempted) {
    return database_.session()
               .execute(kRecordError, claim.coredump_id, claim.lease, output, attempted)
               .affected_rows() == 1;
}

WantOutcome ParseQueue::record_want(const Claim& claim, const std::string& output,
                                    const std::optional<std::string>& awaits_elf) {
    const auto rows = database_.session().execute(kRecordWant, claim.coredump_id, claim.lease,
                                                  output, nullable(awaits_elf),
                                                  claim.device_model_id, claim.firmware_revision);
    if (rows.empty()) return WantOutcome::Lost;
    const auto status = parse_status_from(Fields(rows[0]).string());
    switch (status) {
        case ParseStatus::Pending:
            return WantOutcome::Arrived;
        case ParseStatus::Parsed:
            return WantOutcome::Kept;
        case ParseStatus::Error:
            break;
    }
    return WantOutcome::Recorded;
}

bool ParseQueue::record_failure(const Claim& claim, const std::string& error,
                                std::chrono::seconds pause) {
    return database_.session()
               .execute(kRecordFailure, claim.coredump_id, claim.lease, error, seconds(pause))
               .affected_rows() == 1;
}

bool ParseQueue::release(const Claim& claim) {
    return database_.session()
               .execute(kReleaseClaim, claim.coredump_id, claim.lease)
               .affected_rows() == 1;
}

}  // namespace coredepot::db
