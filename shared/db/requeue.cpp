#include "db/requeue.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kRequeueOne{"requeue_one", R"(
    SELECT requeue_coredumps(
             ARRAY (SELECT id FROM coredumps WHERE id = $2 AND device_id = $1)) AS count)"};

// By id, so that each call goes on where the last one ended, whatever the filter. Not a join: its
// plan may begin with a look at all devices, for a thousand core dumps.
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

constexpr Statement kCountArrived{"count_firmware_arrived", R"(
    SELECT count(*) FROM coredumps_whose_firmware_arrived)"};

std::optional<std::string> text(const std::optional<ParseStatus>& status) {
    if (!status) return std::nullopt;
    return std::string(to_string(*status));
}

std::optional<std::string> text(const std::optional<std::int64_t>& id) {
    if (!id) return std::nullopt;
    return std::to_string(*id);
}

}  // namespace

bool Requeue::one(std::int64_t device_id, std::int64_t id) {
    return Fields(database_.session().execute(kRequeueOne, device_id, id)[0]).integer() == 1;
}

std::int64_t Requeue::matching(const CoredumpFilter& filter) {
    const auto status = text(filter.status);
    const auto model = text(filter.device_model_id);
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
    const auto model = text(device_model_id);
    std::int64_t count = 0;
    while (true) {
        const auto changed =
            Fields(database_.session().execute(kRequeueArrived, nullable(model))[0]).integer();
        if (changed == 0) return count;
        count += changed;
    }
}

std::int64_t Requeue::count_whose_firmware_arrived() {
    return Fields(database_.session().execute(kCountArrived)[0]).integer();
}

}  // namespace coredepot::db
