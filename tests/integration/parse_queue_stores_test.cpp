// Which runners a core dump is for: those that have its file.

#include "db/coredumps.hpp"
#include "os/host.hpp"
#include "parse_queue_test.hpp"

namespace coredepot::db {
namespace {

using namespace std::chrono_literals;
using test::database_url;
using test::Role;

constexpr const char* kHere = "0123456789abcdef0123456789abcdef";
constexpr const char* kThere = "fedcba9876543210fedcba9876543210";

TEST_F(ParseQueueTest, WhatIsInAnotherStoreIsForItsOwnRunners) {
    const auto there = add_coredump(device_, 1);
    const auto here = add_coredump(device_, 2);
    const auto anywhere = add_coredump(device_, 3);
    sql("UPDATE coredumps SET store = '" + std::string(kThere) + "' WHERE id = 1");
    sql("UPDATE coredumps SET store = '" + std::string(kHere) + "' WHERE id = 2");
    database_.set_store(kHere);
    auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.coredump_id, anywhere);
    EXPECT_FALSE(claim.is_here);
    EXPECT_TRUE(queue_.is_due());
    claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.coredump_id, here);
    EXPECT_TRUE(claim.is_here);
    EXPECT_FALSE(queue_.is_due());
    EXPECT_FALSE(queue_.claim(kLease));

    Database elsewhere(database_url(Role::Writer), "test", Mode::ReadWrite);
    elsewhere.set_store(kThere);
    EXPECT_EQ(ParseQueue(elsewhere).claim(kLease).value().coredump_id, there);
}

TEST_F(ParseQueueTest, AnObjectIsForWhoeverHasTheBucket) {
    database_.set_store(kHere);
    NewCoredump dump{device_,
                     filename_at(1),
                     Chip::trusted("esp32"),
                     FirmwareVersion::trusted("1"),
                     1,
                     Timestamp(std::chrono::microseconds(1))};
    dump.object = "coredumps/1";
    const auto stored = std::get<StoredCoredump>(Coredumps(database_).store(dump, {1}));
    EXPECT_EQ(stored.file, (DumpFile{filename_at(1), "coredumps/1"}));

    Database elsewhere(database_url(Role::Writer), "test", Mode::ReadWrite);
    elsewhere.set_store(kThere);
    ParseQueue there(elsewhere);
    EXPECT_FALSE(there.is_due());
    EXPECT_FALSE(there.claim(kLease));
    EXPECT_TRUE(there.waiting_elsewhere(0s).empty()) << "nobody looks for it in a folder";
    EXPECT_TRUE(there.is_due(ParseQueue::Objects::Too));
    const auto claim = there.claim(kLease, ParseQueue::Objects::Too).value();
    EXPECT_EQ(claim.object, "coredumps/1");
    EXPECT_TRUE(claim.is_here);
    EXPECT_FALSE(queue_.claim(kLease, ParseQueue::Objects::Too));
    EXPECT_TRUE(there.record_failure(claim, "why", 24h));
    EXPECT_EQ(queue_.bring_forward(60s, kLease), 1);
    EXPECT_TRUE(queue_.claim(kLease, ParseQueue::Objects::Too));
}

TEST_F(ParseQueueTest, FilesOfOldComeBeforeObjects) {
    NewCoredump dump{device_,
                     filename_at(1),
                     Chip::trusted("esp32"),
                     FirmwareVersion::trusted("1"),
                     1,
                     Timestamp(std::chrono::microseconds(1))};
    dump.object = "coredumps/1";
    const auto object = std::get<StoredCoredump>(Coredumps(database_).store(dump, {2})).id;
    const auto file = add_coredump(device_, 2);
    EXPECT_EQ(queue_.claim(kLease, ParseQueue::Objects::Too)->coredump_id, file);
    EXPECT_EQ(queue_.claim(kLease, ParseQueue::Objects::Too)->coredump_id, object);
    EXPECT_FALSE(queue_.claim(kLease, ParseQueue::Objects::Too));
}

TEST_F(ParseQueueTest, AnUploadSaysInWhichStoreItsFileIs) {
    database_.set_store(kHere);
    Coredumps(database_).store(
        {device_, filename_at(1), Chip::trusted("esp32"), FirmwareVersion::trusted("1"), 1,
         Timestamp(std::chrono::microseconds(1))},
        {1});
    EXPECT_EQ(sql_value("SELECT replace(store::text, '-', '') FROM coredumps"), kHere);
    Database unaware(database_url(Role::Writer), "test", Mode::ReadWrite);
    EXPECT_FALSE(ParseQueue(unaware).claim(kLease));
    EXPECT_TRUE(queue_.claim(kLease));
}

TEST_F(ParseQueueTest, OfEachOtherStoreAPageIsSeenOfWhatWaitsForLong) {
    for (int i = 1; i <= 250; ++i) add_coredump(device_, i);
    sql("UPDATE coredumps SET store = md5((id % 2)::text)::uuid, "
        "next_attempt_at = now() - interval '10 minutes'");
    sql("UPDATE coredumps SET store = '" + std::string(kHere) + "' WHERE id > 240");
    database_.set_store(kHere);
    EXPECT_EQ(queue_.waiting_elsewhere(1h).size(), 0U);
    const auto page = queue_.waiting_elsewhere(1min);
    EXPECT_EQ(page.size(), 200U);
    queue_.take_over({page[0].coredump_id, page[150].coredump_id});
    EXPECT_EQ(
        sql_value("SELECT count(*) FROM coredumps WHERE store = '" + std::string(kHere) + "'"),
        "12");
}

TEST_F(ParseQueueTest, WhoHasItIsWrittenDown) {
    add_coredump(device_, 1);
    queue_.claim(kLease);
    const auto lease = Coredumps(database_).find(device_, 1).value().lease.value();
    EXPECT_EQ(lease.holder, os::process_name());
    EXPECT_GT(lease.ends_at, now() + 50min);
    EXPECT_LT(lease.ends_at, now() + 70min);
}

}  // namespace
}  // namespace coredepot::db
