// Core dumps on their way between folder and bucket.

#include "core/moving/dump_mover.hpp"

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "storage/store_id.hpp"
#include "support/database.hpp"
#include "support/s3_server.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using db::DumpMoves;
using test::database_url;
using test::Role;

class DumpMoverTest : public test::DatabaseTest {
  protected:
    MoveResult move(DumpMoves::From from) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        database.set_store(storage::store_id(folder_.path()));
        DumpMoves rows(database);
        return DumpMover({rows, files_, std::chrono::seconds(0),
                          [&](std::chrono::seconds) {
                              if (meanwhile_) meanwhile_();
                          },
                          [] { return false; }, [](std::size_t) {}})
            .run(from);
    }
    bool with_copies(const std::function<bool(DumpCopies&)>& ask) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        database.set_store(storage::store_id(folder_.path()));
        DumpMoves rows(database);
        DumpCopies copies(rows, files_);
        return ask(copies);
    }
    /// In the folder, with its row.
    std::int64_t add_dump(std::int64_t at) {
        const auto bytes = bytes_of(at);
        storage::DumpStore(folder_.path())
            .store(DeviceKey::trusted(kKey), Timestamp(std::chrono::microseconds(at)), bytes,
                   {Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.0"),
                    ModelCode::trusted("a"), std::nullopt});
        const auto id = add_coredump(device_, at);
        sql("UPDATE coredumps SET sha256 = '\\x" + sha256_hex(bytes) +
            "', store = '00000000-0000-0000-0000-000000000000' WHERE id = " + std::to_string(id));
        return id;
    }
    static std::string bytes_of(std::int64_t at) { return "core dump " + std::to_string(at); }
    std::optional<std::string> bytes_by_row(std::int64_t id, std::int64_t at) const {
        const auto object = column(id, "object");
        return files_.read(
            DeviceKey::trusted(kKey),
            {filename_at(at), object.empty() ? std::nullopt : std::optional(object)});
    }
    std::size_t local_files() const { return test::visible_names_in(folder_ / kKey).size(); }

    static constexpr const char* kKey = "abcd1234";
    const DeviceKey device_key_ = DeviceKey::trusted(kKey);
    std::int64_t device_ = add_device(add_model("a"), kKey);
    test::TemporaryFolder folder_;
    test::S3Server store_;
    const DumpFiles files_{storage::DumpStore(folder_.path()),
                           std::make_shared<objects::Bucket>(store_.config())};
    std::function<void()> meanwhile_;
};

TEST_F(DumpMoverTest, ThereAndBackAgain) {
    std::vector<std::int64_t> ids;
    for (const auto at : {1, 2, 3}) ids.push_back(add_dump(at));
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 3U);
    EXPECT_EQ(local_files(), 0U);
    EXPECT_EQ(store_.keys().size(), 3U);
    for (const auto at : {1, 2, 3}) EXPECT_EQ(bytes_by_row(ids.at(at - 1U), at), bytes_of(at));
    EXPECT_EQ(column(ids[0], "store = bucket_store()"), "t");
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 0U);

    EXPECT_EQ(move(DumpMoves::From::Bucket).moved, 3U);
    EXPECT_EQ(local_files(), 3U);
    EXPECT_EQ(store_.keys().size(), 0U);
    for (const auto at : {1, 2, 3}) EXPECT_EQ(bytes_by_row(ids.at(at - 1U), at), bytes_of(at));
    EXPECT_EQ(column(ids[0], "store = bucket_store()"), "f");
}

// Who read the row a moment ago finds the file.
TEST_F(DumpMoverTest, TheOriginalStaysForAWhile) {
    const auto id = add_dump(1);
    bool was_there = false;
    meanwhile_ = [&] { was_there = local_files() == 1 && !column(id, "object").empty(); };
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 1U);
    EXPECT_TRUE(was_there);
}

TEST_F(DumpMoverTest, WhatARunnerHasInItsHandsStays) {
    const auto id = add_dump(1);
    sql("UPDATE coredumps SET lease = gen_random_uuid() WHERE id = " + std::to_string(id));
    EXPECT_EQ(move(DumpMoves::From::Folder).busy, 1U);
    EXPECT_EQ(local_files(), 1U);
    EXPECT_EQ(column(id, "object"), "");
    sql("UPDATE coredumps SET lease = NULL WHERE id = " + std::to_string(id));
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 1U);
    EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
}

TEST_F(DumpMoverTest, OtherBytesThanWereUploadedStayWhereTheyAre) {
    const auto id = add_dump(1);
    sql("UPDATE coredumps SET sha256 = '\\x" + sha256_hex("others") +
        "' WHERE id = " + std::to_string(id));
    EXPECT_EQ(move(DumpMoves::From::Folder).failed, 1U);
    EXPECT_EQ(local_files(), 1U);
    EXPECT_EQ(store_.keys().size(), 0U);
}

TEST_F(DumpMoverTest, WhatTheStoreDoesNotTakeStaysAndIsMovedAnotherTime) {
    const auto id = add_dump(1);
    store_.misbehave({{.what = "store-drop", .operation = "put", .times = 3}});
    EXPECT_EQ(move(DumpMoves::From::Folder).failed, 1U);
    EXPECT_EQ(column(id, "object"), "");
    EXPECT_EQ(local_files(), 1U);
    store_.behave();
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 1U);
    EXPECT_EQ(store_.keys().size(), 1U);
    EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
}

TEST_F(DumpMoverTest, AStoreThatIsAwayEndsIt) {
    for (int at = 1; at <= 15; ++at) add_dump(at);
    store_.go_down();
    EXPECT_EQ(move(DumpMoves::From::Folder).failed, 10U);
    EXPECT_EQ(local_files(), 15U);
}

// Killed between the row and what it was copied from.
TEST_F(DumpMoverTest, KilledItHasLostNothingAndFsckRemovesWhatIsTwice) {
    const auto id = add_dump(1);
    for (const auto from : {DumpMoves::From::Folder, DumpMoves::From::Bucket}) {
        meanwhile_ = [] { throw std::runtime_error("killed"); };
        EXPECT_THROW(move(from), std::runtime_error);
        meanwhile_ = nullptr;
        EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
        EXPECT_EQ(local_files() + store_.keys().size(), 2U);
        const DumpFile file{filename_at(1), std::nullopt};
        const DumpFile object{filename_at(1), store_.keys().at(0)};
        const bool is_moved = from == DumpMoves::From::Folder;
        const auto& named = is_moved ? object : file;
        const auto& twice = is_moved ? file : object;
        EXPECT_FALSE(
            with_copies([&](auto& copies) { return copies.is_surplus(device_key_, named); }));
        EXPECT_FALSE(
            with_copies([&](auto& copies) { return copies.remove_surplus(device_key_, named); }));
        EXPECT_FALSE(with_copies(
            [&](auto& copies) { return copies.remove_unless_named(device_key_, named); }));
        EXPECT_TRUE(
            with_copies([&](auto& copies) { return copies.is_surplus(device_key_, twice); }));
        EXPECT_TRUE(
            with_copies([&](auto& copies) { return copies.remove_surplus(device_key_, twice); }));
        EXPECT_EQ(local_files() + store_.keys().size(), 1U);
        EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
    }
}

TEST_F(DumpMoverTest, WhatWasMovedBackMeanwhileStays) {
    const auto id = add_dump(1);
    meanwhile_ = [&] {
        meanwhile_ = nullptr;
        EXPECT_EQ(move(DumpMoves::From::Bucket).moved, 1U);
    };
    EXPECT_EQ(move(DumpMoves::From::Folder).moved, 1U);
    EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
    EXPECT_EQ(local_files(), 1U);
}

TEST_F(DumpMoverTest, OnlyWhatIsWholeInTheOtherPlaceIsTwice) {
    const auto id = add_dump(1);
    const DumpFile file{filename_at(1), std::nullopt};
    move(DumpMoves::From::Folder);
    const DumpFile object{filename_at(1), column(id, "object")};
    sql("UPDATE coredumps SET object = NULL, store = '00000000-0000-0000-0000-000000000000'");
    const auto is_twice = [&] {
        return with_copies(
            [&](auto& copies) { return copies.remove_surplus(device_key_, object); });
    };
    EXPECT_FALSE(is_twice());  // there is no file
    test::write_file(folder_ / kKey / filename_at(1).str(), "core dum");
    EXPECT_FALSE(is_twice());
    test::write_file(folder_ / kKey / filename_at(1).str(), bytes_of(1));
    sql("UPDATE coredumps SET store = gen_random_uuid()");  // the file of another host
    EXPECT_FALSE(is_twice());
    sql("UPDATE coredumps SET store = '00000000-0000-0000-0000-000000000000'");
    EXPECT_TRUE(is_twice());
    EXPECT_EQ(store_.keys().size(), 0U);
}

// A backup is of before the move.
TEST_F(DumpMoverTest, ARowWhoseFileWasMovedNamesItsObjectAgain) {
    const auto id = add_dump(1);
    move(DumpMoves::From::Folder);
    const DumpFile object{filename_at(1), column(id, "object")};
    sql("UPDATE coredumps SET object = NULL, store = '00000000-0000-0000-0000-000000000000'");
    const auto point = [&] {
        return with_copies(
            [&](auto& copies) { return copies.point_to_object(device_key_, object); });
    };
    store_.misbehave({{.what = "wrong", .operation = "get"}});
    EXPECT_FALSE(point());
    store_.behave();
    EXPECT_TRUE(point());
    EXPECT_EQ(bytes_by_row(id, 1), bytes_of(1));
    EXPECT_FALSE(point());
}

}  // namespace
}  // namespace coredepot::core
