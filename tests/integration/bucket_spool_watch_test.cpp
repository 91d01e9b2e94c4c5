// What /metrics says of core dumps that wait in the bucket.

#include "core/health/bucket_spool_watch.hpp"

#include <gtest/gtest.h>

#include "core/forgotten_database.hpp"
#include "core/health/health.hpp"
#include "sha256.hpp"
#include "support/database.hpp"
#include "support/s3_server.hpp"

namespace coredepot::core {
namespace {

class BucketSpoolWatchTest : public test::DatabaseTest {
  protected:
    BucketSpoolWatchTest() {
        config_.s3 = store_.config();
        config_.state_dir = folder_.path();
        config_.assets_dir = folder_.path();
    }
    void put(const std::string& key, const std::string& bytes) {
        objects::Bucket bucket(store_.config());
        EXPECT_EQ(bucket.put(key, bytes, sha256_hex(bytes)), objects::Put::Stored);
    }
    Health::Database database_of(Health::Store store) {
        db::Database database(test::database_url(test::Role::Writer), "test", db::Mode::ReadOnly);
        return check_health(database, config_, Health::Tokens::NotChecked, store).database;
    }

    test::S3Server store_;
    test::TemporaryFolder folder_;
    Config config_;
    metrics::Counters counters_;
};

TEST_F(BucketSpoolWatchTest, CountsWhatWaits) {
    put("spool/abcd1234/one", "1");
    put("spool/abcd1234/other", "333");
    put("coredumps/abcd1234/none-of-these", "55555");
    BucketSpoolWatch watch(config_, counters_);
    const auto found = watch.gauges().value();
    EXPECT_EQ(found.objects, 2U);
    EXPECT_EQ(found.bytes, 4U);
    EXPECT_LT(found.oldest_age, std::chrono::minutes(5));
}

TEST_F(BucketSpoolWatchTest, AsksSeldom) {
    BucketSpoolWatch watch(config_, counters_);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(watch.gauges().value().objects, 0U);
    EXPECT_EQ(store_.asked("list"), 1);
}

TEST_F(BucketSpoolWatchTest, SaysNothingWhereTheStoreSaysNothing) {
    store_.go_down();
    BucketSpoolWatch watch(config_, counters_);
    EXPECT_FALSE(watch.gauges());
    config_.s3.reset();
    EXPECT_FALSE(BucketSpoolWatch(config_, counters_).gauges());
}

// A new database while the store is away is not one that has forgotten its devices; but who would
// refuse core dumps of devices that it does not know waits.
TEST_F(BucketSpoolWatchTest, WithoutDevicesTheDatabaseIsEmptyOnlyIfThereAreCoreDumps) {
    const auto is_forgotten_now = [&] {
        db::Database database(test::database_url(test::Role::Writer), "test", db::Mode::ReadOnly);
        db::Devices devices(database);
        return is_forgotten(devices, dump_files(config_));
    };
    EXPECT_EQ(database_of(Health::Store::Ok), Health::Database::Ok);
    EXPECT_FALSE(is_forgotten_now());
    put("coredumps/abcd1234/coredump_20261130T120000_000000Z.dmp-0123456789abcdef", "1");
    EXPECT_EQ(database_of(Health::Store::Ok), Health::Database::Forgotten);
    EXPECT_TRUE(is_forgotten_now());
    store_.go_down();
    EXPECT_EQ(database_of(Health::Store::Unavailable), Health::Database::Ok);
    EXPECT_EQ(database_of(Health::Store::Ok), Health::Database::Ok);
    EXPECT_TRUE(is_forgotten_now());
}

}  // namespace
}  // namespace coredepot::core
