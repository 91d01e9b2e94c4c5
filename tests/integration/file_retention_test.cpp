// Files that go when there is no room for all, and rows that stay and say so.

#include "core/retention/file_retention.hpp"

#include <random>

#include "db/coredumps.hpp"
#include "issues_test.hpp"
#include "support/runner_process.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using test::database_url;
using test::Role;
using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kSize = 100;  // bytes of each core dump

/// So many bytes, and so many files of each signature.
FileLimits at_most(std::uint64_t bytes, std::int64_t keep = 1) {
    FileLimits limits;
    limits.max_bytes = bytes;
    limits.keep_per_signature = keep;
    return limits;
}

class FileRetentionTest : public db::IssuesTest {
  protected:
    /// PENDING.
    std::int64_t upload(std::int64_t device, const std::string& key) {
        const storage::DumpStore store(dumps_.path());
        const DumpLabel label{Chip::trusted("esp32"), FirmwareVersion::trusted("1.0"), std::nullopt,
                              std::nullopt};
        const auto file = store.store(DeviceKey::trusted(key),
                                      Timestamp(std::chrono::microseconds(next_moment())),
                                      std::string(kSize, 'x'), label);
        const auto outcome = coredumps_.store(
            {device, file.filename, label.chip, label.firmware_version, kSize, file.stored_at},
            {1000});
        return std::get<db::StoredCoredump>(outcome).id;
    }
    using IssuesTest::upload;
    std::int64_t upload() { return upload(device_, kKey); }
    /// Parsed to this signature.
    std::int64_t crash(const std::string& signature, const std::string& version = "1.0") {
        upload();
        return parse_next({signature, version});
    }
    Ids crashes(const std::string& signature, int count) {
        Ids ids;
        for (int i = 0; i < count; ++i) ids.push_back(crash(signature));
        return ids;
    }
    std::int64_t without_signature() {
        const auto id = upload();
        const auto claim = queue_.claim(std::chrono::seconds(60)).value();
        EXPECT_TRUE(queue_.record_error(claim, "no ELF", true));
        return id;
    }

    void sweep(const FileLimits& limits) {
        db::KeptFiles rows(database_);
        const DumpFiles files{storage::DumpStore(dumps_.path())};
        FileRetention(
            {rows, files, counters_, now, [&] { return space_; }, [&] { return inodes_; }}, limits)
            .sweep([] { return false; });
    }

    /// Whose files have expired; of each row the file is there, or the row says that it is not.
    Ids expired() {
        Ids ids;
        for (const auto& row : sql("SELECT c.id, d.key, c.filename, c.file_expired_at "
                                   "FROM coredumps c JOIN devices d ON d.id = c.device_id "
                                   "ORDER BY c.id")) {
            const bool is_there = std::filesystem::exists(dumps_ / (row[1] + '/' + row[2]));
            EXPECT_EQ(is_there, row[3].empty()) << row[0];
            if (!row[3].empty()) ids.push_back(std::stoll(row[0]));
        }
        return ids;
    }
    db::KeptFilesState state() { return db::KeptFiles(database_).state(); }
    /// The counts are those of the rows.
    void expect_exact_counts() {
        EXPECT_EQ(sql("SELECT count(*), coalesce(sum(size), 0) FROM coredumps "
                      "WHERE file_expired_at IS NULL"),
                  (test::Rows{{std::to_string(state().files), std::to_string(state().bytes)}}));
        EXPECT_EQ(sql_value("SELECT count(*) FROM signatures s LEFT JOIN signature_files f "
                            "    ON f.signature_id = s.id "
                            " WHERE coalesce(f.expired, 0) <> "
                            "       (SELECT count(*) FROM occurrences o "
                            "          JOIN coredumps c ON c.id = o.coredump_id "
                            "         WHERE o.signature_id = s.id "
                            "           AND c.file_expired_at IS NOT NULL)"),
                  "0");
    }

    static constexpr const char* kKey = "abcd1234";
    std::int64_t device_ = add_device(model_, kKey);
    db::Coredumps coredumps_{database_};
    test::TemporaryFolder dumps_;
    metrics::Counters counters_;
    std::optional<storage::Space> space_;
    std::optional<storage::Space> inodes_;
};

TEST_F(FileRetentionTest, WithinTheLimitsNothingGoes) {
    crashes("a", 3);
    without_signature();
    sweep({});
    sweep(at_most(4 * kSize));
    EXPECT_EQ(expired(), Ids{});
    EXPECT_EQ(state().bytes, std::uint64_t{4 * kSize});
    EXPECT_EQ(state().files, 4U);
    EXPECT_FALSE(state().unmet_limit);
}

TEST_F(FileRetentionTest, TheOldestOfTheSignatureWithMostFilesGo) {
    const auto of_a = crashes("a", 6);
    crashes("b", 4);
    sweep(at_most(8 * kSize));
    // Its first is a milestone.
    EXPECT_EQ(expired(), (Ids{of_a[1], of_a[2]}));
    EXPECT_EQ(state().bytes, std::uint64_t{8 * kSize});
    EXPECT_EQ(counters_.events(metrics::Event::FileExpiredForBytes), 2U);
    EXPECT_EQ(column(of_a[1], "parse_status || parsed_output || title"), "PARSEDtextAbort in f_a");
    EXPECT_EQ(sql_value("SELECT kept FROM signatures WHERE signature = 'a'"), "6")
        << "they are still there to look at";
    expect_exact_counts();
}

TEST_F(FileRetentionTest, AsMuchAsTakesToBeWithinTheLimit) {
    const auto ids = crashes("a", 6);
    sweep(at_most(5 * kSize + 1));
    EXPECT_EQ(expired(), Ids{ids[1]});
    sweep(at_most(5 * kSize - 1));
    EXPECT_EQ(expired(), (Ids{ids[1], ids[2]}));
}

TEST_F(FileRetentionTest, SignaturesComeDownTogether) {
    const auto of_a = crashes("a", 7);
    const auto of_b = crashes("b", 6);
    const auto of_c = crashes("c", 3);
    sweep(at_most(11 * kSize));
    EXPECT_EQ(expired(), (Ids{of_a[1], of_a[2], of_a[3], of_b[1], of_b[2]}));
    sweep(at_most(9 * kSize));
    EXPECT_EQ(expired(), (Ids{of_a[1], of_a[2], of_a[3], of_a[4], of_b[1], of_b[2], of_b[3]}));
    expect_exact_counts();
}

TEST_F(FileRetentionTest, TheNewestOfEachSignatureStayAndSomebodyIsTold) {
    const auto of_a = crashes("a", 6);
    const auto of_b = crashes("b", 2);
    sweep(at_most(0, 3));
    EXPECT_EQ(expired(), (Ids{of_a[0], of_a[1], of_a[2]}));
    EXPECT_EQ(state().unmet_limit, "COREDUMPS_MAX_BYTES");
    sweep(at_most(5 * kSize, 3));
    EXPECT_FALSE(state().unmet_limit);
    sweep(at_most(0, 1));
    EXPECT_EQ(expired(), (Ids{of_a[0], of_a[1], of_a[2], of_a[3], of_a[4], of_b[0]}));
}

TEST_F(FileRetentionTest, WhatHasNoSignatureGoesLaterAndMilestonesLast) {
    const auto unsigned_one = without_signature();
    const auto of_a = crashes("a", 3);
    const auto first_of_version = crash("a", "1.1");
    const auto newest = crash("a", "1.1");
    without_signature();
    sweep(at_most(5 * kSize));
    EXPECT_EQ(expired(), (Ids{of_a[1], of_a[2]}));
    sweep(at_most(4 * kSize));
    EXPECT_EQ(expired(), (Ids{unsigned_one, of_a[1], of_a[2]}));
    sweep(at_most(3 * kSize));
    EXPECT_EQ(expired(), (Ids{unsigned_one, of_a[0], of_a[1], of_a[2]}));
    sweep(at_most(0));
    EXPECT_EQ(expired(), (Ids{unsigned_one, of_a[0], of_a[1], of_a[2], first_of_version}));
    EXPECT_EQ(column(newest, "file_expired_at"), "");
    EXPECT_EQ(state().bytes, std::uint64_t{2 * kSize});
}

TEST_F(FileRetentionTest, MilestonesOfThoseWithMostDoNotKeepOthersFromGoing) {
    for (int i = 0; i < 5; ++i) crash("a", "1." + std::to_string(i));
    const auto of_b = crashes("b", 3);
    sweep(at_most(7 * kSize));
    EXPECT_EQ(expired(), Ids{of_b[1]});
}

TEST_F(FileRetentionTest, WhatWaitsToBeParsedStays) {
    const auto ids = crashes("a", 3);
    upload();
    EXPECT_TRUE(requeue_.one(device_, ids[1]));
    FileLimits limits = at_most(0);
    limits.max_age = std::chrono::days(0);
    sql("UPDATE coredumps SET uploaded_at = uploaded_at - interval '1 hour'");
    sweep(limits);
    EXPECT_EQ(expired(), (Ids{ids[0], ids[2]}));
    EXPECT_EQ(column(ids[1], "parse_status"), "PENDING");
}

TEST_F(FileRetentionTest, WhatIsTooOldGoesWhateverItIs) {
    const auto old_one = crash("a");
    const auto old_without = without_signature();
    sql("UPDATE coredumps SET uploaded_at = uploaded_at - interval '31 days'");
    crash("a");
    FileLimits limits;
    limits.max_age = std::chrono::days(30);
    sweep(limits);
    EXPECT_EQ(expired(), (Ids{old_one, old_without}));
    EXPECT_EQ(counters_.events(metrics::Event::FileExpiredForAge), 2U);
    expect_exact_counts();
}

TEST_F(FileRetentionTest, AVolumeKeepsSoMuchFree) {
    const auto ids = crashes("a", 6);
    FileLimits limits;
    limits.min_free_percent = 10;
    limits.keep_per_signature = 1;
    space_ = storage::Space{100'000, 1'000'000};
    sweep(limits);
    EXPECT_EQ(expired(), Ids{});
    // Two blocks are missing; nothing becomes free, and so all go that may.
    const auto needed = [&] {
        db::KeptFiles rows(database_);
        return rows.expire({8'192, 4'096, 500, 1});
    };
    EXPECT_EQ(needed(), 2);
    space_ = storage::Space{0, 1'000'000};
    sweep(limits);
    EXPECT_EQ(expired(), (Ids{ids[0], ids[1], ids[2], ids[3], ids[4]}));
    EXPECT_EQ(state().unmet_limit, "COREDUMPS_MIN_FREE");
    EXPECT_EQ(counters_.events(metrics::Event::FileExpiredForFreeSpace), 3U);
}

TEST_F(FileRetentionTest, AndSoManyInodes) {
    crashes("a", 6);
    FileLimits limits;
    limits.min_free_percent = 10;
    limits.keep_per_signature = 4;
    space_ = storage::Space{1'000'000, 1'000'000};
    inodes_ = storage::Space{99, 1'000};
    sweep(limits);
    EXPECT_EQ(expired().size(), 2U);
}

TEST_F(FileRetentionTest, EqualSignaturesOfModelsAreNotMixed) {
    const auto other = add_device(add_model("b"), "eeee1234");
    const auto of_a = crashes("a", 4);
    for (int i = 0; i < 3; ++i) {
        upload(other, "eeee1234");
        parse_next({"a", "1.0"});
    }
    sweep(at_most(0, 2));
    EXPECT_EQ(sql("SELECT device_id, count(*) FROM coredumps WHERE file_expired_at IS NULL "
                  "GROUP BY 1 ORDER BY 1"),
              (test::Rows{{std::to_string(device_), "2"}, {std::to_string(other), "2"}}));
    EXPECT_EQ(column(of_a[3], "file_expired_at"), "");
}

TEST_F(FileRetentionTest, WhoIsKilledBetweenRowAndFileLeavesItToTheNext) {
    const auto ids = crashes("a", 3);
    EXPECT_EQ(db::KeptFiles(database_).expire({kSize, 1, 500, 1}), 1);
    EXPECT_NE(column(ids[1], "file_expired_at"), "");
    EXPECT_EQ(sql_value("SELECT count(*) FROM expired_files"), "1");
    sweep({});
    EXPECT_EQ(expired(), Ids{ids[1]});
    EXPECT_EQ(sql_value("SELECT count(*) FROM expired_files"), "0");
}

TEST_F(FileRetentionTest, RunnersThatAreKilledLeaveNothingHalfDone) {
    constexpr int kFiles = 60;
    constexpr int kRounds = 8;
    crashes("a", kFiles);
    const test::TemporaryFolder assets;
    const auto has_expired = [] {
        return std::stoi(
            sql_value("SELECT count(*) FROM coredumps WHERE file_expired_at IS NOT NULL"));
    };
    for (int round = 1; round <= kRounds; ++round) {
        const int gone = round * 5;
        test::RunnerProcess runner(
            {{"DATABASE_URL", database_url(Role::Writer)},
             {"COREDUMPS_DIR", dumps_.path()},
             {"ASSETS_DIR", assets.path()},
             {"PARSE_SIDECAR_URL", ""},
             {"KEEP_PER_ISSUE", "1"},
             {"COREDUMPS_MAX_BYTES", std::to_string((kFiles - gone) * kSize)},
             {"OIDC_ENABLED", "false"}});
        // Its rows say so; some of its files may be there.
        ASSERT_TRUE(test::eventually([&] { return has_expired() >= gone; }));
        runner.signal(SIGKILL);
        runner.wait();
        EXPECT_EQ(has_expired(), gone);
        // Until the server has noticed that it is gone, it has the reservation.
        EXPECT_TRUE(test::eventually([] {
            return sql_value(
                       "SELECT count(*) FROM pg_stat_activity "
                       "WHERE application_name = 'coredepot-parse-runner'") == "0";
        }));
    }
    sweep({});
    EXPECT_EQ(sql_value("SELECT count(*) FROM expired_files"), "0");
    EXPECT_EQ(expired().size(), std::size_t{kRounds * 5});
    sweep({});
    expect_exact_counts();
}

TEST_F(FileRetentionTest, FilesOfAnotherFolderStay) {
    const auto ids = crashes("a", 4);
    sql("UPDATE coredumps SET store = gen_random_uuid() WHERE id = " + std::to_string(ids[1]));
    sweep(at_most(2 * kSize));
    EXPECT_EQ(expired(), (Ids{ids[0], ids[2]}));
    sql("INSERT INTO expired_files VALUES (" + std::to_string(ids[1]) + ", '" + kKey + "', '" +
        column(ids[1], "filename") + "', gen_random_uuid())");
    sweep({});
    EXPECT_EQ(sql_value("SELECT count(*) FROM expired_files"), "1");
    EXPECT_EQ(expired(), (Ids{ids[0], ids[2]}));
}

TEST_F(FileRetentionTest, OneAtATime) {
    crashes("a", 3);
    db::Database another(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::KeptFiles first(another);
    ASSERT_TRUE(first.reserve());
    sweep(at_most(0));
    EXPECT_EQ(expired(), Ids{});
    first.release();
    sweep(at_most(2 * kSize));
    EXPECT_EQ(expired().size(), 1U);
}

TEST_F(FileRetentionTest, SeveralTogetherTakeNoMoreThanNeeded) {
    crashes("a", 60);
    EXPECT_TRUE(test::in_processes(4, [&](int /*process*/) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::KeptFiles rows(database);
        const DumpFiles files{storage::DumpStore(dumps_.path())};
        FileRetention(
            {rows, files, counters_, now, [&] { return space_; }, [&] { return inodes_; }},
            at_most(40 * kSize))
            .sweep([] { return false; });
        return true;
    }));
    EXPECT_EQ(expired().size(), 20U);
}

TEST_F(FileRetentionTest, WhatHasExpiredIsNotParsedAgain) {
    const auto id = without_signature();
    without_signature();
    sql("UPDATE coredumps SET awaits_firmware_since = 0");
    sweep(at_most(0));
    EXPECT_EQ(expired(), Ids{id});
    EXPECT_FALSE(requeue_.one(device_, id));
    EXPECT_EQ(requeue_.matching({ParseStatus::Error, {}, {}}), 1);
    upload("1.0");
    EXPECT_EQ(requeue_.whose_firmware_arrived(std::nullopt), 0);
    EXPECT_EQ(column(id, "parse_status"), "ERROR");
}

// Whatever is uploaded, parsed, deleted and expires.
TEST_F(FileRetentionTest, CountsStayExact) {
    std::mt19937 random(11);  // the same each time
    Ids ids;
    for (int step = 0; step < 120; ++step) {
        switch (random() % 6) {
            case 0:
                ids.push_back(without_signature());
                break;
            case 1: {
                if (ids.empty()) break;
                const auto chosen =
                    ids.begin() + static_cast<std::ptrdiff_t>(random() % ids.size());
                const auto file = coredumps_.remove(device_, *chosen);
                storage::DumpStore(dumps_.path())
                    .remove(DeviceKey::trusted(kKey), file.value().filename);
                ids.erase(chosen);
                settle();
                break;
            }
            case 2:
                sweep(at_most(random() % 2000));
                break;
            default:
                ids.push_back(crash(std::string(1, "abc"[random() % 3])));
        }
        if (step % 10 == 9) {
            sweep({});
            expect_exact_counts();
        }
    }
    expired();
    EXPECT_FALSE(db::KeptFiles(database_).recount());
    sql("UPDATE kept_files SET bytes = bytes + 1");
    EXPECT_TRUE(db::KeptFiles(database_).recount());
    expect_exact_counts();
}

TEST_F(FileRetentionTest, WhatGoesWithItsDeviceIsNotCountedAnyMore) {
    crashes("a", 4);
    sweep(at_most(2 * kSize));
    sql("DELETE FROM devices");
    settle();
    sweep({});
    EXPECT_EQ(state().bytes, 0U);
    expect_exact_counts();
}

// Whoever has no bucket lets no objects expire, and no volume has room for their going.
TEST_F(FileRetentionTest, ObjectsExpireForWhoHasTheBucket) {
    crashes("a", 4);
    sql("UPDATE coredumps SET object = 'coredumps/' || id, store = bucket_store()");
    settle();
    db::KeptFiles files(database_);
    EXPECT_EQ(files.expire({1000, 1, 10, 1}), 0);
    db::Database with_bucket(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    with_bucket.set_has_bucket(true);
    db::KeptFiles objects(with_bucket);
    db::KeptFiles::Need need{2 * kSize, 1, 10, 1};
    need.only_local = true;
    EXPECT_EQ(objects.expire(need), 0);
    need.only_local = false;
    EXPECT_EQ(objects.expire(need), 2);
    EXPECT_TRUE(files.to_remove().empty());
    const auto due = objects.to_remove();
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].file.object, "coredumps/" + std::to_string(due[0].coredump_id));
    EXPECT_EQ(objects.expire_before(now(), 10), 2);
}

// MAX_COREDUMPS of a device.
TEST_F(FileRetentionTest, MilestonesAreEvictedLast) {
    const auto first = crash("a");
    crash("a");
    const auto of_version = crash("a", "1.1");
    resolve(issue_of("a"), "'1.1'");
    const auto regressed = crash("a", "1.1");
    crash("a", "1.1");
    EXPECT_EQ(
        sql("SELECT id FROM coredumps WHERE is_milestone ORDER BY id"),
        (test::Rows{
            {std::to_string(first)}, {std::to_string(of_version)}, {std::to_string(regressed)}}));
    for (const auto retention : {Retention::Oldest, Retention::Diverse}) {
        const auto at = Timestamp(std::chrono::microseconds(next_moment()));
        coredumps_.store({device_, dump_filename(at), Chip::trusted("esp32"),
                          FirmwareVersion::trusted("1.0"), 1, at},
                         {4, retention});
        EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "4");
        EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE is_milestone"), "3");
    }
    const auto at = Timestamp(std::chrono::microseconds(next_moment()));
    coredumps_.store({device_, dump_filename(at), Chip::trusted("esp32"),
                      FirmwareVersion::trusted("1.0"), 1, at},
                     {3});
    EXPECT_EQ(sql_value("SELECT min(id) FROM coredumps"), std::to_string(of_version));
}

}  // namespace
}  // namespace coredepot::core
