#include "storage/spool.hpp"

#include <csignal>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

const Timestamp kAt = sys_days(2026y / February / 11) + 14h + 30min + 123'456us;
constexpr const char* kFirst = "abcd1234-20260211T143000_123456Z.spool";
constexpr const char* kSecond = "abcd1234-20260211T143000_123457Z.spool";

SpooledDump dump(const std::string& bytes = "bytes", const std::string& device = "abcd1234") {
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
    Names waiting() const { return names_in(root_ / ".spool"); }
    std::string bytes_of(const std::string& name) const {
        const auto read = parse_record(content_of(root_ / ".spool" / name));
        return read ? read->bytes : "not a record";
    }

    test::TemporaryFolder root_;
    Spool spool_{root_.path(), 1'000'000};
};

TEST_F(SpoolTest, StoresUnderDeviceAndMoment) {
    EXPECT_EQ(spool_.store(dump()), kAt);
    EXPECT_EQ(waiting(), Names{kFirst});
    EXPECT_EQ(bytes_of(kFirst), "bytes");
    EXPECT_EQ(mode_of(root_ / ".spool" / kFirst), kFileMode);
    EXPECT_EQ(mode_of(root_ / ".spool"), kFolderMode);
}

TEST_F(SpoolTest, AMomentThatIsTakenIsTheNextOne) {
    spool_.store(dump("first"));
    EXPECT_EQ(spool_.store(dump("second")), kAt + 1us);
    EXPECT_EQ(waiting(), (Names{kFirst, kSecond}));
    const auto second = parse_record(content_of(root_ / ".spool" / kSecond));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->uploaded_at, kAt + 1us);
    EXPECT_EQ(second->bytes, "second");
    EXPECT_EQ(spool_.store(dump("other's", "00000000")), kAt);
}

TEST_F(SpoolTest, SoIsOneThatIsTakenInTheDevicesFolder) {
    write_file(root_ / "abcd1234" / "coredump_20260211T143000_123456Z.dmp", "there already");
    EXPECT_EQ(spool_.store(dump()), kAt + 1us);
}

TEST_F(SpoolTest, OneWhoseFileIsInItsPlaceKeepsItsMoment) {
    write_file(root_ / "abcd1234" / "coredump_20260211T143000_123456Z.dmp", "bytes");
    spool_.store_unmoved(dump());
    EXPECT_EQ(waiting(), Names{kFirst});
    spool_.store_unmoved(dump());
    ASSERT_EQ(waiting().size(), 2U);
    for (const auto& name : waiting()) {
        const auto read = parse_record(content_of(root_ / ".spool" / name));
        ASSERT_TRUE(read) << name;
        EXPECT_EQ(read->uploaded_at, kAt);
    }
}

TEST_F(SpoolTest, HoldsNoMoreThanItMay) {
    const auto size = to_record(dump()).size();
    const Spool small(root_.path(), 2 * size);
    small.store(dump());
    small.store(dump());
    try {
        small.store(dump());
        FAIL() << "stored";
    } catch (const StorageError& full) {
        EXPECT_EQ(full.code(), std::errc(EDQUOT));
    }
    EXPECT_EQ(waiting(), (Names{kFirst, kSecond}));
    EXPECT_EQ(small.state().files, 2U);
    EXPECT_EQ(small.state().bytes, 2 * size);
}

TEST_F(SpoolTest, OfNoBytesHoldsNothing) {
    EXPECT_THROW(Spool(root_.path(), 0).store(dump()), StorageError);
    EXPECT_EQ(waiting(), Names{});
}

TEST_F(SpoolTest, AFullDiskLeavesNothingBehind) {
    {
        const test::FileSizeLimit full(100);
        EXPECT_THROW(spool_.store(dump()), StorageError);
        EXPECT_THROW(spool_.store_unmoved(dump()), StorageError);
    }
    EXPECT_EQ(waiting(), Names{});
    EXPECT_EQ(spool_.store(dump()), kAt);
}

TEST_F(SpoolTest, WithoutItsRootThrows) {
    EXPECT_THROW(Spool(root_ / "missing", 1'000'000).store(dump()), StorageError);
}

TEST_F(SpoolTest, WithoutAFolderIsEmpty) {
    EXPECT_EQ(spool_.names(), Names{});
    EXPECT_EQ(spool_.state().files, 0U);
    EXPECT_EQ(spool_.state().quarantined, 0U);
    EXPECT_FALSE(spool_.claim(kFirst));
}

TEST_F(SpoolTest, NamesAreInOrderAndWithoutWhatIsBeingWritten) {
    spool_.store(dump("b", "bbbbbbbb"));
    spool_.store(dump("a2", "aaaaaaaa"));
    spool_.store(dump("a3", "aaaaaaaa"));
    write_file(root_ / ".spool" / ".upload-1", "half a rec");
    const auto moment = [](const char* device, const char* us) {
        return std::string(device) + "-20260211T143000_" + us + "Z.spool";
    };
    EXPECT_EQ(spool_.names(), (Names{moment("aaaaaaaa", "123456"), moment("aaaaaaaa", "123457"),
                                     moment("bbbbbbbb", "123456")}));
    EXPECT_EQ(spool_.state().files, 3U);
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
    Spool::remove(*again);
    EXPECT_EQ(waiting(), Names{});
    EXPECT_FALSE(spool_.claim(kFirst));
}

TEST_F(SpoolTest, QuarantineKeepsTheFile) {
    spool_.store(dump());
    const auto record = content_of(root_ / ".spool" / kFirst);
    spool_.quarantine(*spool_.claim(kFirst));
    EXPECT_EQ(waiting(), Names{});
    EXPECT_EQ(content_of(root_ / ".quarantine" / kFirst), record);
    EXPECT_EQ(spool_.state().quarantined, 1U);

    spool_.store(dump("of the same moment"));
    spool_.quarantine(*spool_.claim(kFirst));
    EXPECT_EQ(content_of(root_ / ".quarantine" / kFirst), record);
    EXPECT_EQ(spool_.state().quarantined, 2U);
}

TEST_F(SpoolTest, WhatIsTooLongForARecordIsNone) {
    write_file(root_ / ".spool" / "long.spool", std::string(kMaxRecordBytes + 1, ' '));
    EXPECT_FALSE(Spool::read(*spool_.claim("long.spool")));
}

}  // namespace
}  // namespace coredepot::storage
