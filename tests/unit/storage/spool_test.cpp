#include "storage/spool.hpp"

#include <array>
#include <atomic>
#include <barrier>
#include <csignal>
#include <set>

#include <gtest/gtest.h>

#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/dump_store.hpp"
#include "storage/folder_walk.hpp"
#include "support/file_size_limit.hpp"
#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

namespace fs = std::filesystem;

using namespace std::chrono;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

const Timestamp kAt = sys_days(2026y / February / 11) + 14h + 30min + 123'456us;
constexpr const char* kFirst = "abcd1234-20260211T143000_123456Z.spool";
constexpr const char* kSecond = "abcd1234-20260211T143000_123457Z.spool";

UploadedDump dump(const std::string& bytes = "bytes", const std::string& device = "abcd1234") {
    return {DeviceKey::trusted(device),
            std::nullopt,
            Chip::trusted("esp32c3"),
            FirmwareVersion::trusted("1.0"),
            kAt,
            std::nullopt,
            sha256_hex(bytes),
            bytes};
}

class SpoolTest : public testing::Test {
  protected:
    Names waiting() const { return test::file_names_below(root_ / ".spool"); }
    fs::path path_of(const std::string& name) const {
        for (const auto& path : test::files_below(root_ / ".spool")) {
            if (path.filename() == name) return path;
        }
        return root_ / "no such file";
    }
    /// As an import sees it.
    Names seen() const {
        Names names;
        spool_.for_each([&](const std::string& name) {
            names.push_back(name);
            return true;
        });
        return names;
    }
    std::string bytes_of(const std::string& name) const {
        const auto read = parse_record(content_of(path_of(name)));
        return read ? read->bytes : "not a record";
    }

    test::TemporaryFolder root_;
    Spool spool_{root_.path(), 1'000'000};
};

TEST_F(SpoolTest, StoresUnderDeviceAndMoment) {
    EXPECT_EQ(spool_.store(dump()), kAt);
    EXPECT_EQ(waiting(), Names{kFirst});
    EXPECT_EQ(bytes_of(kFirst), "bytes");
    EXPECT_EQ(mode_of(path_of(kFirst)), os::kFileMode);
    EXPECT_EQ(mode_of(root_ / ".spool"), os::kFolderMode);
}

TEST_F(SpoolTest, AMomentThatIsTakenIsTheNextOne) {
    spool_.store(dump("first"));
    EXPECT_EQ(spool_.store(dump("second")), kAt + 1us);
    EXPECT_EQ(waiting(), (Names{kFirst, kSecond}));
    const auto second = parse_record(content_of(path_of(kSecond)));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->uploaded_at, kAt + 1us);
    EXPECT_EQ(second->bytes, "second");
    EXPECT_EQ(spool_.store(dump("other's", "00000000")), kAt);
}

TEST_F(SpoolTest, SoIsOneThatIsTakenInTheDevicesFolder) {
    write_file(root_ / "abcd1234" / "coredump_20260211T143000_123456Z.dmp", "there already");
    EXPECT_EQ(spool_.store(dump()), kAt + 1us);
}

// As when the database goes away: one process spools while another stores, and a third imports.
TEST_F(SpoolTest, AMomentIsGivenOnceHoweverManyWorkAtOnce) {
    constexpr std::size_t kRounds = 300;
    const auto device = DeviceKey::trusted("abcd1234");
    const DumpLabel label{Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.0"), std::nullopt,
                          std::nullopt};
    const DumpStore folder(root_.path());
    const auto import = [&] {
        spool_.for_each([&](const std::string& name) {
            const auto claim = spool_.claim(name);
            if (!claim) return true;
            const auto waiting = Spool::read(*claim).value();
            folder.store_again(device, waiting.uploaded_at, waiting.bytes, label);
            spool_.remove(*claim);
            return true;
        });
    };
    std::array<std::vector<Timestamp>, 2> moments;
    std::atomic<int> running = 2;
    std::barrier round_begins(2);
    test::in_parallel(3, [&](std::size_t thread) {
        if (thread == 2) {
            while (running > 0) import();
            return;
        }
        for (std::size_t round = 0; round < kRounds; ++round) {
            auto sent = dump(std::to_string(thread) + ' ' + std::to_string(round));
            sent.uploaded_at += milliseconds(round);
            round_begins.arrive_and_wait();
            moments[thread].push_back(
                thread == 0 ? spool_.store(sent)
                            : folder
                                  .store(device, sent.uploaded_at, sent.bytes, label,
                                         [&](Timestamp at) { return spool_.has(device, at); })
                                  .stored_at);
        }
        --running;
    });
    import();
    std::set<Timestamp> given(moments[0].begin(), moments[0].end());
    given.insert(moments[1].begin(), moments[1].end());
    EXPECT_EQ(given.size(), 2 * kRounds);
    std::set<std::string> bytes;
    for (const auto& name : names_in(root_ / device.str()))
        bytes.insert(content_of(root_ / device.str() / name));
    EXPECT_EQ(bytes.size(), 2 * kRounds);
    EXPECT_EQ(names_in(root_ / device.str()).size(), 2 * kRounds);
}

TEST_F(SpoolTest, OneWhoseFileIsInItsPlaceKeepsItsMoment) {
    write_file(root_ / "abcd1234" / "coredump_20260211T143000_123456Z.dmp", "bytes");
    spool_.store_unmoved(dump());
    EXPECT_EQ(waiting(), Names{kFirst});
    spool_.store_unmoved(dump());
    ASSERT_EQ(waiting().size(), 2U);
    for (const auto& name : waiting()) {
        const auto read = parse_record(content_of(path_of(name)));
        ASSERT_TRUE(read) << name;
        EXPECT_EQ(read->uploaded_at, kAt);
    }
}

TEST_F(SpoolTest, HoldsNoMoreThanItMay) {
    spool_.store(dump());
    const auto size = entry_at(path_of(kFirst)).value().on_disk;
    EXPECT_GT(size, to_record(dump()).size());
    const Spool small(root_.path(), 2 * size);
    small.store(dump());
    try {
        small.store(dump());
        FAIL() << "stored";
    } catch (const os::StorageError& full) {
        EXPECT_EQ(full.code(), std::errc(EDQUOT));
    }
    EXPECT_EQ(waiting(), (Names{kFirst, kSecond}));
    EXPECT_EQ(small.state().waiting, (FolderUsage{2, 2 * size}));
}

TEST_F(SpoolTest, OfNoBytesHoldsNothing) {
    EXPECT_THROW(Spool(root_.path(), 0).store(dump()), os::StorageError);
    EXPECT_EQ(waiting(), Names{});
}

TEST_F(SpoolTest, AFullDiskLeavesNothingBehind) {
    {
        const test::FileSizeLimit full(100);
        EXPECT_THROW(spool_.store(dump()), os::StorageError);
        EXPECT_THROW(spool_.store_unmoved(dump()), os::StorageError);
    }
    EXPECT_EQ(waiting(), Names{});
    EXPECT_EQ(spool_.store(dump()), kAt);
}

TEST_F(SpoolTest, WithoutItsRootThrows) {
    EXPECT_THROW(Spool(root_ / "missing", 1'000'000).store(dump()), os::StorageError);
}

TEST_F(SpoolTest, WithoutAFolderIsEmpty) {
    EXPECT_EQ(seen(), Names{});
    EXPECT_EQ(spool_.state().waiting.files, 0U);
    EXPECT_EQ(spool_.state().quarantined.files, 0U);
    EXPECT_FALSE(spool_.claim(kFirst));
}

TEST_F(SpoolTest, NamesOfADeviceAreInOrderAndWithoutWhatIsBeingWritten) {
    spool_.store(dump("b", "bbbbbbbb"));
    spool_.store(dump("a2", "aaaaaaaa"));
    spool_.store(dump("a3", "aaaaaaaa"));
    write_file(root_ / ".spool" / ".upload-1", "half a rec");
    const auto moment = [](const char* device, const char* us) {
        return std::string(device) + "-20260211T143000_" + us + "Z.spool";
    };
    auto names = seen();
    EXPECT_EQ(std::erase(names, moment("bbbbbbbb", "123456")), 1U);
    EXPECT_EQ(names, (Names{moment("aaaaaaaa", "123456"), moment("aaaaaaaa", "123457")}));
    EXPECT_EQ(spool_.state().waiting.files, 3U);
    EXPECT_EQ(spool_.waiting_of(DeviceKey::trusted("aaaaaaaa")), 2U);
    EXPECT_EQ(spool_.waiting_of(DeviceKey::trusted("cccccccc")), 0U);
}

TEST_F(SpoolTest, AClaimIsOnesOwnUntilItGoes) {
    spool_.store(dump());
    {
        const auto claim = spool_.claim(kFirst);
        ASSERT_TRUE(claim);
        EXPECT_FALSE(spool_.claim(kFirst));
        const auto read = Spool::read(*claim);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->bytes, "bytes");
    }
    const auto again = spool_.claim(kFirst);
    ASSERT_TRUE(again);
    spool_.remove(*again);
    EXPECT_EQ(waiting(), Names{});
    EXPECT_FALSE(spool_.claim(kFirst));
}

TEST_F(SpoolTest, QuarantineKeepsTheFile) {
    spool_.store(dump());
    const auto record = content_of(path_of(kFirst));
    spool_.quarantine(*spool_.claim(kFirst));
    EXPECT_EQ(waiting(), Names{});
    EXPECT_EQ(content_of(root_ / ".quarantine" / kFirst), record);
    EXPECT_EQ(spool_.state().quarantined.files, 1U);

    spool_.store(dump("of the same moment"));
    spool_.quarantine(*spool_.claim(kFirst));
    EXPECT_EQ(content_of(root_ / ".quarantine" / kFirst), record);
    EXPECT_EQ(spool_.state().quarantined.files, 2U);
    for (const auto& name : names_in(root_ / ".quarantine")) EXPECT_TRUE(spool_.release(name));
    EXPECT_EQ(seen().size(), 2U);
}

TEST_F(SpoolTest, WhatIsTooLongForARecordIsNone) {
    write_file(root_ / ".spool" / "long.spool", std::string(kMaxRecordBytes + 1, ' '));
    EXPECT_FALSE(Spool::read(*spool_.claim(seen().at(0))));
}

TEST_F(SpoolTest, WhatLiesBesideThePartsIsSortedIn) {
    const auto record = to_record(dump());
    write_file(root_ / ".spool" / kFirst, record);  // as it was once, or put back by hand
    EXPECT_EQ(spool_.state().waiting.files, 1U);
    EXPECT_EQ(spool_.store(dump("another")), kAt + 1us);
    EXPECT_EQ(seen(), (Names{kFirst, kSecond}));
    EXPECT_EQ(path_of(kFirst).parent_path(), path_of(kSecond).parent_path());
    EXPECT_EQ(content_of(path_of(kFirst)), record);
    EXPECT_EQ(spool_.state().waiting.files, 2U);
    // Of the same name, too.
    write_file(root_ / ".spool" / kFirst, record);
    EXPECT_EQ(seen().size(), 3U);
    EXPECT_EQ(spool_.state().waiting.files, 3U);
}

TEST_F(SpoolTest, NothingOfItStaysWhenNothingWaits) {
    auto repeatable = dump();
    repeatable.idempotency_key = IdempotencyKey::parse("key");
    spool_.store(repeatable);
    spool_.for_each([&](const std::string& name) {
        spool_.remove(*spool_.claim(name));
        return true;
    });
    EXPECT_EQ(names_in(root_ / ".spool"), Names{});
    EXPECT_EQ(spool_.state().waiting, FolderUsage{});
}

TEST_F(SpoolTest, TotalsThatAreWrongAreSetRightByTheNextImport) {
    spool_.store(dump());
    const auto right = spool_.state().waiting;
    fs::copy_file(root_ / ".spool-totals", root_ / "one");
    spool_.store(dump("another"));
    fs::rename(root_ / "one", root_ / ".spool-totals");  // as after a power cut
    EXPECT_EQ(spool_.state().waiting, right);
    seen();
    EXPECT_EQ(spool_.state().waiting.files, 2U);
    for (const auto& file : test::files_below(root_ / ".spool")) fs::remove(file);
    seen();
    EXPECT_EQ(spool_.state().waiting, FolderUsage{});
}

TEST_F(SpoolTest, TotalsThatAreMissingOrDamagedAreCountedAnew) {
    spool_.store(dump());
    const auto right = spool_.state().waiting;
    for (const auto* damage : {"", "shorter than they are"}) {
        write_file(root_ / ".spool-totals", damage);
        EXPECT_EQ(spool_.state().waiting, right);
    }
    fs::remove(root_ / ".spool-totals");
    EXPECT_EQ(spool_.state().waiting, right);
    spool_.store(dump("another"));
    EXPECT_EQ(spool_.state().waiting.files, 2U);
}

TEST_F(SpoolTest, QuarantineIsBoundedWithTheRest) {
    spool_.store(dump());
    const auto size = entry_at(path_of(kFirst)).value().on_disk;
    const Spool small(root_.path(), 2 * size);
    small.quarantine(*small.claim(kFirst));
    EXPECT_EQ(small.state().quarantined, (FolderUsage{1, size}));
    EXPECT_EQ(small.state().waiting, FolderUsage{});
    small.store(dump());
    EXPECT_THROW(small.store(dump()), os::StorageError);
    // There always is room for what waits; and when somebody has looked, for more.
    small.quarantine(*small.claim(kFirst));
    EXPECT_EQ(small.state().quarantined.files, 2U);
    EXPECT_THROW(small.store(dump()), os::StorageError);
    fs::remove_all(root_ / ".quarantine");
    EXPECT_EQ(small.state().quarantined, FolderUsage{});
    small.store(dump());
}

class RepeatsInTheSpool : public SpoolTest {
  protected:
    static UploadedDump keyed(const std::string& bytes, const std::string& key,
                              Timestamp at = kAt) {
        auto keyed = dump(bytes);
        keyed.idempotency_key = IdempotencyKey::parse(key);
        keyed.uploaded_at = at;
        return keyed;
    }
};

TEST_F(RepeatsInTheSpool, HaveTheMomentOfTheFirstTime) {
    EXPECT_EQ(spool_.store(keyed("x", "key")), kAt);
    EXPECT_EQ(spool_.store(keyed("x", "key", kAt + 1s)), kAt);
    EXPECT_EQ(spool_.find_repeated(keyed("x", "key", kAt + 1s)), kAt);
    EXPECT_EQ(waiting(), Names{kFirst});
    EXPECT_EQ(spool_.store(keyed("other bytes", "key", kAt + 2s)), kAt + 2s);
    EXPECT_EQ(spool_.store(keyed("x", "another key", kAt + 3s)), kAt + 3s);
    EXPECT_EQ(spool_.store(dump("x")), kAt + 1us);
    EXPECT_EQ(spool_.state().waiting.files, 4U);
}

TEST_F(RepeatsInTheSpool, OfTheSameBytesCountWhereThatIsAskedFor) {
    const Spool deduplicating(root_.path(), 1'000'000, true);
    EXPECT_EQ(deduplicating.store(dump("x")), kAt);
    EXPECT_EQ(deduplicating.store(keyed("x", "key", kAt + 1s)), kAt);
    EXPECT_EQ(deduplicating.store(dump("y")), kAt + 1us);
}

TEST_F(RepeatsInTheSpool, OfWhatHasItsRowAreNone) {
    spool_.store(keyed("x", "key"));
    spool_.remove(*spool_.claim(kFirst));
    EXPECT_FALSE(spool_.find_repeated(keyed("x", "key")));
    EXPECT_EQ(spool_.store(keyed("x", "key", kAt + 1s)), kAt + 1s);
    EXPECT_EQ(spool_.find_repeated(keyed("x", "key")), kAt + 1s);
}

TEST_F(RepeatsInTheSpool, InParallelAreOne) {
    std::vector<Timestamp> moments(8);
    test::in_parallel(moments.size(), [&](std::size_t thread) {
        moments[thread] = spool_.store(keyed("x", "key", kAt + seconds(thread)));
    });
    EXPECT_EQ(std::set(moments.begin(), moments.end()).size(), 1U);
    EXPECT_EQ(waiting().size(), 1U);
    EXPECT_EQ(names_in(path_of(waiting().at(0)).parent_path().parent_path()).size(), 1U)
        << "an unfinished upload stayed";
}

}  // namespace
}  // namespace coredepot::storage
