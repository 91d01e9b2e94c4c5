#include "db/requeue.hpp"

#include <functional>

#include "db/coredump_rows.hpp"
#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kRequeueOne{"requeue_one", R"(
    SELECT requeue_coredumps(
             ARRAY (SELECT id FROM coredumps WHERE id = $2 AND device_id = $1)) AS count)"};

// By ID, so that each call continues after the last one, whatever the filter. Not a join, because
// the planner might start with all devices to find a thousand core dumps.
constexpr Statement kRequeueMatching{"requeue_matching", R"(
    WITH chosen AS (
      SELECT c.id FROM coredumps c
       WHERE c.id > $1
         AND ($2::text IS NULL OR c.parse_status = $2)
         AND ($4::text IS NULL OR c.firmware_version = $4)
         AND ($3::bigint IS NULL
              OR $3 = (SELECT d.device_model_id FROM devices d WHERE d.id = c.device_id))
       ORDER BY c.id
       LIMIT 1000
         FOR UPDATE OF c SKIP LOCKED
    )
    SELECT requeue_coredumps(array_agg(id)) AS count, max(id) AS last FROM chosen)"};

constexpr Statement kRequeueArrived{"requeue_firmware_arrived", R"(
    WITH chosen AS (
      SELECT c.id FROM coredumps c
        JOIN coredumps_whose_firmware_arrived a ON a.id = c.id
       WHERE $1::bigint IS NULL OR a.device_model_id = $1
       LIMIT 1000
         FOR UPDATE OF c SKIP LOCKED
    )
    SELECT requeue_coredumps(array_agg(id)) AS count FROM chosen)"};

constexpr Statement kRequeueByElf{"requeue_elf_arrived", R"(
    WITH chosen AS (
      SELECT c.id FROM coredumps c JOIN devices d ON d.id = c.device_id
       WHERE c.awaits_firmware_since IS NOT NULL AND d.device_model_id = $1
         AND $2::text LIKE c.awaits_elf || '%'
       LIMIT 1000
         FOR UPDATE OF c SKIP LOCKED
    )
    SELECT requeue_coredumps(array_agg(id)) AS count FROM chosen)"};

constexpr Statement kCountArrived{"count_firmware_arrived", R"(
    SELECT count(*) FROM coredumps_whose_firmware_arrived)"};

std::optional<std::string> text(const std::optional<ParseStatus>& status) {
    if (!status) return std::nullopt;
    return std::string(to_string(*status));
}

/// `requeue` puts some back and returns how many. Returns the sum.
std::int64_t until_none(const std::function<pqxx::result()>& requeue) {
    std::int64_t count = 0;
    while (true) {
        const auto changed = Fields(requeue()[0]).integer();
        if (changed == 0) return count;
        count += changed;
    }
}

}  // namespace

std::optional<CoredumpDetail> Requeue::one(std::int64_t device_id, std::int64_t id) {
    std::optional<CoredumpDetail> coredump;
    database_.session().transact([&](Session::Transaction& transaction) {
        if (Fields(transaction.execute(kRequeueOne, device_id, id)[0]).integer() == 0) return;
        coredump = find_detail(transaction, device_id, id);
    });
    return coredump;
}

std::int64_t Requeue::matching(const CoredumpFilter& filter) {
    const auto status = text(filter.status);
    const auto model = digits(filter.device_model_id);
    const auto* version =
        filter.firmware_version ? filter.firmware_version->str().c_str() : nullptr;
    std::int64_t count = 0;
    std::int64_t last = 0;
    while (true) {
        const auto rows = database_.session().execute(kRequeueMatching, last, nullable(status),
                                                      nullable(model), version);
        Fields fields(rows[0]);
        const auto changed = fields.optional_integer();
        const auto reached = fields.optional_integer();
        if (!reached) return count;
        count += changed.value_or(0);
        last = *reached;
    }
}

std::int64_t Requeue::whose_firmware_arrived(std::optional<std::int64_t> device_model_id) {
    const auto model = digits(device_model_id);
    return until_none(
        [&] { return database_.session().execute(kRequeueArrived, nullable(model)); });
}

std::int64_t Requeue::whose_elf_arrived(std::int64_t device_model_id,
                                        const std::string& elf_sha256) {
    return until_none(
        [&] { return database_.session().execute(kRequeueByElf, device_model_id, elf_sha256); });
}

std::int64_t Requeue::count_whose_firmware_arrived() {
    return Fields(database_.session().execute(kCountArrived)[0]).integer();
}

}  // namespace coredepot::db
