#pragma once

#include "db/coredumps.hpp"
#include "db/database.hpp"
#include "support/database.hpp"

namespace coredepot::db {

using test::database_url;
using test::Role;
using Ids = std::vector<std::int64_t>;

class CoredumpsTest : public test::DatabaseTest {
  protected:
    static NewCoredump dump(std::int64_t device, std::int64_t microseconds) {
        return {device,
                filename_at(microseconds),
                Chip::trusted("esp32c3"),
                FirmwareVersion::trusted("1.0"),
                100,
                Timestamp(std::chrono::microseconds(microseconds))};
    }

    StoredCoredump store(std::int64_t device, std::int64_t microseconds, int keep) {
        return std::get<StoredCoredump>(coredumps_.store(dump(device, microseconds), {keep}));
    }

    /// One that was accepted then, while the database was away.
    StoredCoredump store_late(std::int64_t device, std::int64_t microseconds, int keep) {
        auto late = dump(device, microseconds);
        late.arrival = Arrival::Late;
        return std::get<StoredCoredump>(coredumps_.store(late, {keep}));
    }

    /// So many days from now, by the database's clock, which says the right time.
    static std::int64_t in_days(int days) {
        return std::stoll(sql_value("SELECT (extract(epoch FROM now() + interval '" +
                                    std::to_string(days) + " days') * 1000000)::bigint"));
    }

    Ids ids_of(std::int64_t device) {
        Ids ids;
        for (const auto& coredump : coredumps_.of_device(device)) ids.push_back(coredump.id);
        return ids;
    }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, "abcd1234");
    std::int64_t other_ = add_device(model_, "00000000");
    Database database_{database_url(Role::Writer), "test", Mode::ReadWrite};
    Coredumps coredumps_{database_};
};

}  // namespace coredepot::db
