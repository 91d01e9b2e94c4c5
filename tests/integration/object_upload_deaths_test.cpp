// What a process that dies over an upload, or over the import of a spool, leaves of it.

#include "object_uploads_test.hpp"

namespace coredepot::core {
namespace {

TEST_F(ObjectUploadsTest, ADeathBeforeTheRowLeavesAtMostAnObjectThatTellsIt) {
    for (const auto* what : {"hang", "store-hang"}) {
        store().clear();
        store().misbehave({S3Fault{what, "put", 1}});
        auto here = host();
        kill_over([&] { here.upload("a core dump"); }, [] { return store().waiting() == 1; });
        store().release();
        EXPECT_EQ(rows(), "0");
        EXPECT_EQ(here.waiting(), 0U);
        EXPECT_LE(keys("coredumps").size(), 1U);
        for (const auto& key : keys("coredumps")) {
            EXPECT_TRUE(here.files().bucket().head(key)->record_head) << key;
        }
    }
    store().clear();
    auto here = host();
    const test::OpenTransaction locked("SELECT FROM devices FOR UPDATE");
    kill_over([&] { here.upload("a core dump"); }, [] { return waiting_for_locks() == 1; });
    terminate_connections(Role::Writer);  // the server would go on, and make the row all the same
    EXPECT_EQ(rows(), "0");
    EXPECT_EQ(keys("coredumps").size(), 1U);
}

TEST_F(ObjectUploadsTest, ADeathOverTheImportLosesAndDoublesNothing) {
    const struct {
        const char* what;
        const char* operation;
    } kDeaths[] = {{"hang", "list"},      {"hang", "get"},    {"hang", "put"},
                   {"store-hang", "put"}, {"hang", "remove"}, {"store-hang", "remove"}};
    for (const auto& death : kDeaths) {
        store().clear();
        auto here = host();
        const auto bytes = std::string(death.what) + death.operation;
        here.upload(bytes, std::nullopt, kNowhere);
        store().misbehave({S3Fault{death.what, death.operation, 1}});
        kill_over([&] { here.import_all(); }, [] { return store().waiting() == 1; });
        store().release();
        EXPECT_TRUE(eventually([&] {
            here.import_all();  // once the server has noticed whose connection is gone
            return keys("spool").empty();
        })) << bytes;
        expect_once(here, bytes);
        sql("DELETE FROM coredumps");
    }
}

TEST_F(ObjectUploadsTest, ADeathOverTheImportOfThisMachinesSpoolLosesAndDoublesNothing) {
    for (const auto* what : {"hang", "store-hang"}) {
        store().clear();
        store().go_down();
        auto here = host();
        here.upload(what);
        store().come_back();
        store().misbehave({S3Fault{what, "put", 1}});
        kill_over([&] { here.import_all(); }, [] { return store().waiting() == 1; });
        store().release();
        EXPECT_EQ(here.import_all(), 1U);
        expect_once(here, what);
        sql("DELETE FROM coredumps");
    }
}

}  // namespace
}  // namespace coredepot::core
