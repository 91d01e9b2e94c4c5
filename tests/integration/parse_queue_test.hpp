#pragma once

#include <chrono>
#include <optional>

#include "db/database.hpp"
#include "db/parse_queue.hpp"
#include "support/database.hpp"

namespace coredepot::db {

/// A device's core dumps, and a queue that runners claim them from.
class ParseQueueTest : public test::DatabaseTest {
  protected:
    static constexpr std::chrono::seconds kLease = std::chrono::hours(1);

    /// The lease of every claim has run out, or every pause is over.
    static void let_time_pass() {
        sql("UPDATE coredumps SET next_attempt_at = now() - interval '1 second' "
            "WHERE parse_status = 'PENDING'");
    }
    std::optional<std::int64_t> claimed_id() {
        const auto claim = queue_.claim(kLease);
        if (!claim) return std::nullopt;
        return claim->coredump_id;
    }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, "abcd1234");
    Database database_{test::database_url(test::Role::Writer), "test", Mode::ReadWrite};
    ParseQueue queue_{database_};
};

}  // namespace coredepot::db
