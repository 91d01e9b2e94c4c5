// How often a device may upload, decided in the database and told in advance.

#include "domain/upload_limit.hpp"

#include <future>

#include <pqxx/pqxx>

#include "core/errors.hpp"
#include "core/uploads/uploads.hpp"
#include "support/database.hpp"
#include "support/disk.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using test::database_url;
using test::Role;

constexpr const char* kKey = "abcd1234";
/// So slow that nothing comes back while a test runs.
constexpr UploadLimit kThreeADay{3, std::chrono::hours(8)};

class UploadLimitTest : public test::DatabaseTest {
  protected:
    db::StoreOutcome store(std::int64_t at, const UploadLimit& limit = kThreeADay) {
        return coredumps_.store({device_, filename_at(at), Chip::trusted("esp32c3"),
                                 FirmwareVersion::trusted("1.0"), 1, Timestamp(microseconds(at))},
                                {20}, limit);
    }
    bool stores(std::int64_t at, const UploadLimit& limit = kThreeADay) {
        return std::holds_alternative<db::StoredCoredump>(store(at, limit));
    }
    /// Leaves the device as uploads do that were made some time ago.
    void set_until_full(microseconds time) {
        sql("UPDATE devices SET upload_budget_full_at = clock_timestamp() + " +
            std::to_string(time.count()) +
            " * interval '1 microsecond' WHERE id = " + std::to_string(device_));
    }
    std::string rows() const {
        return sql_value("SELECT count(*) FROM coredumps WHERE device_id = " +
                         std::to_string(device_));
    }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, kKey);
    std::int64_t other_ = add_device(model_, "00000000");
    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
    metrics::Counters counters_;
    db::Devices devices_{database_};
    db::Coredumps coredumps_{database_};
};

TEST_F(UploadLimitTest, ABurstGetsInAndThenNothing) {
    for (int i = 1; i <= 3; ++i) EXPECT_TRUE(stores(i));
    const auto outcome = store(4);
    ASSERT_TRUE(std::holds_alternative<db::OverLimit>(outcome));
    const auto wait = std::get<db::OverLimit>(outcome).wait;
    EXPECT_GT(wait, 7h);
    EXPECT_LE(wait, 8h);
    EXPECT_EQ(rows(), "3");
    EXPECT_EQ(sql_value("SELECT (extract(epoch FROM last_coredump_at) * 1000000)::bigint "
                        "FROM devices WHERE id = " +
                        std::to_string(device_)),
              "3");
}

TEST_F(UploadLimitTest, RefusalsCostNothing) {
    for (int i = 1; i <= 3; ++i) EXPECT_TRUE(stores(i));
    const auto before = sql_value("SELECT upload_budget_full_at FROM devices WHERE id = 1");
    for (int i = 4; i <= 20; ++i) EXPECT_FALSE(stores(i));
    EXPECT_EQ(sql_value("SELECT upload_budget_full_at FROM devices WHERE id = 1"), before);
}

TEST_F(UploadLimitTest, TimeBringsThemBack) {
    set_until_full(16h);
    EXPECT_TRUE(stores(1));
    EXPECT_FALSE(stores(2));
    set_until_full(8h);
    EXPECT_TRUE(stores(3));
    EXPECT_TRUE(stores(4));
    EXPECT_FALSE(stores(5));
    set_until_full(-240h);  // a long rest is worth no more than a burst
    for (int i = 6; i <= 8; ++i) EXPECT_TRUE(stores(i));
    EXPECT_FALSE(stores(9));
}

TEST_F(UploadLimitTest, AClockThatWasSetBackKeepsNobodyOut) {
    set_until_full(std::chrono::hours(24 * 365));
    EXPECT_TRUE(stores(1));
    EXPECT_FALSE(stores(2));  // and from here on as usual
    set_until_full(16h);
    EXPECT_TRUE(stores(3));
}

TEST_F(UploadLimitTest, AClockThatWasSetBackByLessThanTheWindowDoesNotEither) {
    set_until_full(23h);  // nothing left: made just now, by the clock of then
    sql("UPDATE devices SET last_coredump_at = clock_timestamp() + interval '1 hour'");
    const auto found = devices_.find(DeviceKey::trusted(kKey)).value();
    EXPECT_EQ(found.until_upload_budget_full, 0us);
    for (int i = 1; i <= 5; ++i) EXPECT_TRUE(stores(i));
    sql("UPDATE devices SET last_coredump_at = clock_timestamp()");
    EXPECT_FALSE(stores(6)) << "the limit is back when that time has come";
}

TEST_F(UploadLimitTest, WithoutALimitAnyNumber) {
    for (int i = 1; i <= 50; ++i) EXPECT_TRUE(stores(i, UploadLimit::per_minute(0, 1)));
    EXPECT_EQ(sql_value("SELECT upload_budget_full_at FROM devices WHERE id = 1"), "");
}

TEST_F(UploadLimitTest, EachDeviceHasItsOwn) {
    for (int i = 1; i <= 4; ++i) stores(i);
    device_ = other_;
    EXPECT_TRUE(stores(1));
}

TEST_F(UploadLimitTest, ACallThatIsRepeatedFindsItsRowAndIsNotRefused) {
    for (int i = 1; i <= 3; ++i) EXPECT_TRUE(stores(i));
    EXPECT_TRUE(stores(3));
    EXPECT_EQ(rows(), "3");
    EXPECT_FALSE(stores(4));
}

TEST_F(UploadLimitTest, ADeviceThatIsGoneIsGone) {
    device_ = 99;
    EXPECT_TRUE(std::holds_alternative<db::DeviceGone>(store(1)));
}

TEST_F(UploadLimitTest, ParallelUploadsAreAllCounted) {
    EXPECT_TRUE(test::in_processes(8, [&](int process) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::Coredumps coredumps(database);
        for (int i = 0; i < 5; ++i) {
            const std::int64_t at = process * 100 + i;
            coredumps.store({device_, filename_at(at), Chip::trusted("esp32c3"),
                             FirmwareVersion::trusted("1.0"), 1, Timestamp(microseconds(at))},
                            {20}, kThreeADay);
        }
        return true;
    }));
    EXPECT_EQ(rows(), "3");
}

TEST_F(UploadLimitTest, AnUploadThatWaitedForTheWholeBudgetIsRefused) {
    pqxx::connection first(database_url(Role::Admin));
    std::future<bool> second;
    {
        pqxx::work transaction(first);
        const auto device = std::to_string(device_);
        transaction.exec("SELECT FROM devices WHERE id = " + device + " FOR NO KEY UPDATE");
        second = std::async(std::launch::async, [&] { return stores(4); });
        // It has read the clock by now.
        ASSERT_TRUE(test::eventually([&] {
            return sql_value(
                       "SELECT count(*) FROM pg_stat_activity "
                       "WHERE wait_event_type = 'Lock' AND query LIKE '%record_upload%'") == "1";
        }));
        for (int i = 1; i <= 3; ++i) {
            transaction.exec("SELECT FROM record_upload('24:00', '8:00', " + device + ", '" +
                             filename_at(i).str() +
                             "', 'esp32c3', '1.0', 1, NULL, now(), 20, NULL)");
        }
        transaction.commit();
    }
    EXPECT_FALSE(second.get());
    EXPECT_EQ(rows(), "3");
}

TEST_F(UploadLimitTest, TheDeviceIsToldInAdvanceWhatTheDatabaseDecides) {
    // Not at the very edges: time passes between the two.
    for (const auto until_full : {0h, 7h, 15h, 17h, 23h, 25h, 24h * 365}) {
        set_until_full(until_full);
        const auto found = devices_.find(DeviceKey::trusted(kKey)).value();
        const bool told = kThreeADay.wait(found.until_upload_budget_full) == 0us;
        EXPECT_EQ(told, stores(until_full.count())) << until_full.count();
    }
}

TEST_F(UploadLimitTest, WhatIsRefusedLeavesNoFile) {
    const test::TemporaryFolder dumps;
    Uploads uploads(devices_, coredumps_, test::disk(dumps.path()), {20}, counters_, kThreeADay);
    const auto accept = [&] { uploads.accept({{kKey}, "esp32c3", "1.0"}, [] { return "x"; }); };
    for (int i = 0; i < 3; ++i) accept();
    try {
        accept();
        ADD_FAILURE() << "accepted";
    } catch (const RateLimited& refusal) {
        EXPECT_STREQ(refusal.what(), "The device uploads too many core dumps");
        EXPECT_GT(refusal.wait(), 7h);
    }
    EXPECT_EQ(test::names_in(dumps / kKey).size(), 3U);
    EXPECT_EQ(rows(), "3");
}

TEST_F(UploadLimitTest, WhatIsRefusedUnderTheLockLeavesNoFileEither) {
    const test::TemporaryFolder dumps;
    Uploads uploads(devices_, coredumps_, test::disk(dumps.path()), {20}, counters_, kThreeADay);
    // Others use the budget up between the look at it and the decision.
    EXPECT_THROW(uploads.accept({{kKey}, "esp32c3", "1.0"},
                                [&] {
                                    set_until_full(23h);
                                    return "x";
                                }),
                 RateLimited);
    EXPECT_EQ(test::names_in(dumps / kKey).size(), 0U);
    EXPECT_EQ(rows(), "0");
}

TEST_F(UploadLimitTest, WhatWasRecordedBeforeIsNotRefused) {
    const test::TemporaryFolder dumps;
    for (const bool deduplicate : {false, true}) {
        const std::optional<std::string> key =
            deduplicate ? std::nullopt : std::optional<std::string>("its crash");
        Uploads uploads(devices_, coredumps_, test::disk(dumps.path()),
                        {20, Retention::Oldest, deduplicate}, counters_, kThreeADay);
        set_until_full(0s);
        const auto accept = [&](const std::string& bytes) {
            return uploads.accept({{kKey}, "esp32c3", "1.0", key}, [&] { return bytes; });
        };
        const auto first = accept(deduplicate ? "x" : "y");
        set_until_full(23h);
        const auto files = test::names_in(dumps / kKey);
        EXPECT_EQ(accept(deduplicate ? "x" : "y").coredump_id, first.coredump_id);
        EXPECT_THROW(accept("another crash"), RateLimited);
        EXPECT_EQ(test::names_in(dumps / kKey), files);
    }
}

TEST_F(UploadLimitTest, OverTheLimitNothingIsWritten) {
    // There is nowhere to write to, so that trying would be noticed.
    Uploads uploads(devices_, coredumps_, test::disk("/nonexistent"), {20}, counters_, kThreeADay);
    set_until_full(23h);
    EXPECT_THROW(uploads.accept({{kKey}, "esp32c3", "1.0"}, [] { return "x"; }), RateLimited);
}

}  // namespace
}  // namespace coredepot::core
