#include "storage/dump_store.hpp"

#include <future>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "domain/coredump.hpp"
#include "os/storage_error.hpp"
#include "support/file_size_limit.hpp"
#include "support/parallel.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono;
using namespace std::string_literals;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;

const DeviceKey kDevice = DeviceKey::trusted("abcd1234");
const Timestamp kAt = sys_days(2026y / February / 11) + 14h + 30min + 123'456us;
const DumpLabel kLabel{Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.4.2"),
                       ModelCode::trusted("thermostat"), std::nullopt};
constexpr const char* kName = "coredump_20260211T143000_123456Z.dmp";

class DumpStoreTest : public testing::Test {
  protected:
    test::TemporaryFolder root_;
    DumpStore store_{root_.path()};
};

TEST_F(DumpStoreTest, NameTellsTheMoment) {
    const auto stored = store_.store(kDevice, kAt, "bytes", kLabel);
    EXPECT_EQ(stored.filename.str(), kName);
    EXPECT_EQ(stored.stored_at, kAt);
    EXPECT_EQ(content_of(root_ / "abcd1234" / kName), "bytes");
}

TEST_F(DumpStoreTest, NothingElseIsBesideIt) {
    store_.store(kDevice, kAt, "bytes", kLabel);
    EXPECT_EQ(names_in(root_.path()), std::vector{"abcd1234"s});
    EXPECT_EQ(names_in(root_ / "abcd1234"), std::vector<std::string>{kName});
}

TEST_F(DumpStoreTest, BytesAreStoredAsTheyCame) {
    std::string bytes;
    for (std::size_t i = 0; i < kMaxCoredumpBytes; ++i) bytes += static_cast<char>(i * i);
    const auto stored = store_.store(kDevice, kAt, bytes, kLabel);
    EXPECT_EQ(store_.read(kDevice, stored.filename), bytes);
    EXPECT_EQ(content_of(root_ / "abcd1234" / kName), bytes);
}

TEST_F(DumpStoreTest, CollisionTakesTheNextMicrosecond) {
    store_.store(kDevice, kAt, "first", kLabel);
    const auto second = store_.store(kDevice, kAt, "second", kLabel);
    EXPECT_EQ(second.filename.str(), "coredump_20260211T143000_123457Z.dmp");
    EXPECT_EQ(second.stored_at, kAt + 1us);
    EXPECT_EQ(content_of(root_ / "abcd1234" / kName), "first");
}

TEST_F(DumpStoreTest, CollisionAtTheEndOfASecond) {
    const auto last = kAt - 123'456us + 999'999us;
    store_.store(kDevice, last, "first", kLabel);
    EXPECT_EQ(store_.store(kDevice, last, "second", kLabel).filename.str(),
              "coredump_20260211T143001_000000Z.dmp");
}

TEST_F(DumpStoreTest, AMomentAtWhichAnotherWaitsIsNotGiven) {
    const auto stored = store_.store(kDevice, kAt, "bytes", kLabel, [&](Timestamp moment) {
        EXPECT_TRUE(store_.exists(kDevice, dump_filename(moment))) << "asked too early";
        return moment < kAt + 2us;
    });
    EXPECT_EQ(stored.stored_at, kAt + 2us);
    EXPECT_EQ(names_in(root_ / "abcd1234"), std::vector{stored.filename.str()});
    EXPECT_EQ(store_.read(kDevice, stored.filename), "bytes");
}

TEST_F(DumpStoreTest, AHundredInABurstHaveAHundredNames) {
    std::set<std::string> names;
    for (int i = 0; i < 100; ++i) {
        names.insert(store_.store(kDevice, kAt, std::to_string(i), kLabel).filename.str());
    }
    EXPECT_EQ(names.size(), 100U);
    EXPECT_EQ(names_in(root_ / "abcd1234").size(), 100U);
}

TEST_F(DumpStoreTest, DevicesHaveFoldersOfTheirOwn) {
    store_.store(kDevice, kAt, "a", kLabel);
    const auto other = store_.store(DeviceKey::trusted("00000000"), kAt, "b", kLabel);
    EXPECT_EQ(other.filename.str(), kName);
    EXPECT_EQ(names_in(root_.path()), (std::vector{"00000000"s, "abcd1234"s}));
}

TEST_F(DumpStoreTest, ModesDoNotDependOnTheUmask) {
    for (const mode_t mask : {0000, 0022, 0077, 0777}) {
        const auto before = ::umask(mask);
        const auto device = DeviceKey::trusted("umask" + std::to_string(100 + mask % 900));
        // A folder without rights would keep this process out of it unless it is root's.
        if (mask != 0777) {
            const auto stored = store_.store(device, kAt, "bytes", kLabel);
            EXPECT_EQ(mode_of(root_ / device.str() / stored.filename.str()), 0640U) << mask;
        }
        ::umask(before);
    }
}

TEST_F(DumpStoreTest, FolderIsForUserAndGroup) {
    const auto before = ::umask(0);
    store_.store(kDevice, kAt, "bytes", kLabel);
    ::umask(before);
    EXPECT_EQ(mode_of(root_ / "abcd1234"), 0750U);
}

TEST_F(DumpStoreTest, AFailedWriteLeavesNothing) {
    {
        const test::FileSizeLimit full(1000);
        EXPECT_THROW(store_.store(kDevice, kAt, std::string(100'000, 'x'), kLabel),
                     os::StorageError);
    }
    EXPECT_EQ(names_in(root_ / "abcd1234"), std::vector<std::string>{});
    EXPECT_EQ(store_.store(kDevice, kAt, "later", kLabel).filename.str(), kName);
}

TEST_F(DumpStoreTest, WithoutItsRootNothingIsStored) {
    const DumpStore lost(root_ / "not" / "there");
    EXPECT_THROW(lost.store(kDevice, kAt, "bytes", kLabel), os::StorageError);
    EXPECT_EQ(names_in(root_.path()), std::vector<std::string>{});
}

TEST_F(DumpStoreTest, AFileWhereTheFolderShouldBeIsAFailure) {
    write_file(root_ / "abcd1234", "a file");
    EXPECT_THROW(store_.store(kDevice, kAt, "bytes", kLabel), os::StorageError);
    EXPECT_EQ(content_of(root_ / "abcd1234"), "a file");
}

TEST_F(DumpStoreTest, WhatIsGoneReadsAsNothing) {
    const auto filename = DumpFilename::trusted(kName);
    EXPECT_EQ(store_.read(kDevice, filename), std::nullopt);
    EXPECT_FALSE(store_.exists(kDevice, filename));
    store_.remove(kDevice, filename);
    store_.remove_device(kDevice);
}

TEST_F(DumpStoreTest, AFileThatGrewIsNotReadWithoutEnd) {
    write_file(root_ / "abcd1234" / kName, std::string(kMaxCoredumpBytes + 1, 'x'));
    EXPECT_THROW(store_.read(kDevice, DumpFilename::trusted(kName)), os::StorageError);
}

TEST_F(DumpStoreTest, RemoveTakesOneFile) {
    const auto first = store_.store(kDevice, kAt, "first", kLabel);
    const auto second = store_.store(kDevice, kAt, "second", kLabel);
    store_.remove(kDevice, first.filename);
    EXPECT_FALSE(store_.exists(kDevice, first.filename));
    EXPECT_TRUE(store_.exists(kDevice, second.filename));
}

TEST_F(DumpStoreTest, RemoveDeviceIsNotStoppedByWhatGoesAwayUnderIt) {
    const auto folder = root_ / kDevice.str();
    const auto file = [&](int i) { return folder / ("coredump_" + std::to_string(i)); };
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 200; ++i) write_file(file(i), "x");
        test::in_parallel(2, [&](std::size_t thread) {
            if (thread == 0) {
                store_.remove_device(kDevice);
            } else {
                for (int i = 0; i < 200; i += 2) std::filesystem::remove(file(i));
            }
        });
        ASSERT_FALSE(std::filesystem::exists(folder)) << "round " << round;
    }
}

TEST_F(DumpStoreTest, RemoveDeviceFollowsNoLinks) {
    write_file(root_ / "another/coredump", "x");
    write_file(root_ / kDevice.str() / "coredump", "x");
    std::filesystem::create_directory_symlink(root_ / "another", root_ / kDevice.str() / "link");
    store_.remove_device(kDevice);
    EXPECT_FALSE(std::filesystem::exists(root_ / kDevice.str()));
    EXPECT_TRUE(std::filesystem::exists(root_ / "another/coredump"));
}

TEST_F(DumpStoreTest, RemoveDeviceTakesAllOfItsFiles) {
    store_.store(kDevice, kAt, "a", kLabel);
    store_.store(DeviceKey::trusted("00000000"), kAt, "b", kLabel);
    store_.remove_device(kDevice);
    EXPECT_EQ(names_in(root_.path()), std::vector{"00000000"s});
}

TEST_F(DumpStoreTest, EachHasItsLabel) {
    if (!store_.keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto first = store_.store(kDevice, kAt, "first", kLabel);
    EXPECT_EQ(store_.label(kDevice, first.filename), kLabel);
    auto other = kLabel;
    other.idempotency_key = IdempotencyKey::trusted("a/key");
    const auto again = store_.store_again(kDevice, kAt, "first", other);
    EXPECT_EQ(again.filename, first.filename);
    EXPECT_EQ(store_.label(kDevice, first.filename), other);
    EXPECT_TRUE(store_.set_label(kDevice, first.filename, kLabel, true));
    EXPECT_EQ(store_.label(kDevice, first.filename), kLabel);
}

TEST_F(DumpStoreTest, TheLabelTellsOfTheBytes) {
    if (!store_.keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    auto label = kLabel;
    label.sha256_start = "0123456789abcdef";
    for (const auto* bytes : {"first", "second"}) {
        const auto stored = store_.store(kDevice, kAt, bytes, label);
        EXPECT_EQ(store_.label(kDevice, stored.filename), label);
        EXPECT_EQ(store_.read(kDevice, stored.filename), bytes);
    }
    EXPECT_EQ(store_.store_again(kDevice, kAt, "first", label).stored_at, kAt);
    EXPECT_EQ(names_in(root_ / "abcd1234").size(), 2U);
}

// Its device was told this name. Another upload has it for the time of two system calls.
TEST_F(DumpStoreTest, OneThatIsStoredAgainWaitsForAnUploadThatMovesAway) {
    std::future<StoredDump> again;
    const auto moves_away = [&](Timestamp at) {
        if (at != kAt) return false;
        again = std::async(std::launch::async,
                           [&] { return store_.store_again(kDevice, kAt, "spooled", kLabel); });
        EXPECT_TRUE(test::eventually([&] { return test::files_below(root_.path()).size() == 2; }));
        return true;
    };
    EXPECT_EQ(store_.store(kDevice, kAt, "uploaded", kLabel, moves_away).stored_at, kAt + 1us);
    EXPECT_EQ(again.get().stored_at, kAt);
}

TEST_F(DumpStoreTest, OneThatHasAFileHasAFolder) {
    EXPECT_FALSE(store_.has_folder(kDevice));
    const auto stored = store_.store(kDevice, kAt, "bytes", kLabel);
    EXPECT_TRUE(store_.has_folder(kDevice));
    EXPECT_TRUE(store_.make_durable(kDevice, stored.filename));
    store_.remove(kDevice, stored.filename);
    EXPECT_TRUE(store_.has_folder(kDevice));
    EXPECT_FALSE(store_.make_durable(kDevice, stored.filename));
    store_.remove_device(kDevice);
    EXPECT_FALSE(store_.has_folder(kDevice));
}

TEST_F(DumpStoreTest, WithoutALabelThereIsNone) {
    write_file(root_ / "abcd1234" / kName, "bytes");
    const auto filename = DumpFilename::trusted(kName);
    EXPECT_EQ(store_.label(kDevice, filename), std::nullopt);
    std::filesystem::remove(root_ / "abcd1234" / kName);
    EXPECT_EQ(store_.label(kDevice, filename), std::nullopt);
    EXPECT_FALSE(store_.set_label(kDevice, filename, kLabel, true));
}

TEST_F(DumpStoreTest, KnowsWhetherThereAreAny) {
    EXPECT_FALSE(store_.has_dumps());
    write_file(root_ / "abcd1234" / ".upload-x", "half of one");
    write_file(root_ / ".spool" / kName, "not in a device's folder");
    EXPECT_FALSE(store_.has_dumps());
    store_.store(kDevice, kAt, "bytes", kLabel);
    EXPECT_TRUE(store_.has_dumps());
    EXPECT_FALSE(DumpStore("/nowhere").has_dumps());
}

TEST_F(DumpStoreTest, WhatThePredecessorWroteBesideIt) {
    const auto filename = store_.store(kDevice, kAt, "bytes", kLabel).filename;
    EXPECT_FALSE(store_.description(kDevice, filename));
    const std::string stem = "coredump_20260211T143000_123456Z";
    for (const auto& name : {stem + ".json", stem + ".dmp.json"}) {
        write_file(root_ / "abcd1234" / name, R"({"chip":"esp32","firmware_version":"2"})");
        EXPECT_EQ(DumpStore::described_by(name), filename);
        const auto description = store_.description(kDevice, filename);
        ASSERT_TRUE(description) << name;
        EXPECT_EQ(description->label.chip.str(), "esp32");
        store_.remove_description(kDevice, filename);
        EXPECT_FALSE(store_.description(kDevice, filename));
    }
    write_file(root_ / "abcd1234" / (stem + ".json"), std::string(100'000, ' '));
    EXPECT_FALSE(store_.description(kDevice, filename));
    EXPECT_EQ(DumpStore::described_by("notes.json"), std::nullopt);
    EXPECT_EQ(DumpStore::described_by(stem + ".dmp"), std::nullopt);
}

TEST_F(DumpStoreTest, RelativePathIsBelowTheRoot) {
    EXPECT_EQ(DumpStore::relative_path(kDevice, DumpFilename::trusted(kName)),
              "abcd1234/coredump_20260211T143000_123456Z.dmp");
}

TEST(DumpStoreAsConfigured, WithoutAFolderThereIsNone) {
    EXPECT_FALSE(dump_store(std::nullopt));
    EXPECT_TRUE(dump_store("/srv/dumps"));
}

TEST_F(DumpStoreTest, StoredAgainItKeepsItsName) {
    const auto first = store_.store_again(kDevice, kAt, "bytes", kLabel);
    EXPECT_EQ(first.filename.str(), kName);
    const auto again = store_.store_again(kDevice, kAt, "bytes", kLabel);
    EXPECT_EQ(again.filename, first.filename);
    EXPECT_EQ(again.stored_at, kAt);
    EXPECT_EQ(names_in(root_ / "abcd1234"), std::vector<std::string>{kName});
}

TEST_F(DumpStoreTest, StoredAgainWhereAnotherIsItIsTheNextOneEachTime) {
    store_.store(kDevice, kAt, "another", kLabel);
    const auto first = store_.store_again(kDevice, kAt, "bytes", kLabel);
    EXPECT_EQ(first.stored_at, kAt + 1us);
    EXPECT_EQ(store_.store_again(kDevice, kAt, "bytes", kLabel).filename, first.filename);
    EXPECT_EQ(content_of(root_ / "abcd1234" / kName), "another");
    EXPECT_EQ(names_in(root_ / "abcd1234").size(), 2U);
}

}  // namespace
}  // namespace coredepot::storage
