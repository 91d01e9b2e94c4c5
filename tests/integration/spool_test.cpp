// What was accepted while the database was away, and how it comes into the table.

#include "storage/spool.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "core/uploads/spool_import.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/folder_walk.hpp"
#include "support/database.hpp"
#include "support/disk.hpp"
#include "support/runner_process.hpp"
#include "support/stack.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using test::database_url;
using test::names_in;
using test::Role;
using Names = std::vector<std::string>;

constexpr const char* kKey = "abcd1234";

class SpoolTest : public test::DatabaseTest {
  protected:
    /// An upload while nobody answers at the database's address.
    Uploads::Accepted spool(const std::string& bytes = "a core dump",
                            const std::optional<std::string>& idempotency_key = std::nullopt,
                            const DeviceReference& device = {kKey}) const {
        auto accepted =
            test::upload_into_spool(dumps_.path(), device, bytes, idempotency_key, rules_);
        EXPECT_FALSE(accepted.coredump_id);
        return accepted;
    }

    std::size_t import_all(const std::string& url = database_url(Role::Writer)) const {
        return import_all_of(dumps_, url);
    }
    std::size_t import_all_of(const test::TemporaryFolder& dumps,
                              const std::string& url = database_url(Role::Writer)) const {
        db::Database database(url, "test", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps coredumps(database);
        metrics::Counters counters;
        const auto disk = test::disk(dumps.path());
        DumpRecorder recorder(coredumps, disk.files, rules_, counters);
        LateRows rows(devices, recorder, disk.files);
        return SpoolImport({rows, disk.files, counters}, [] { return false; }).run(disk.spool);
    }

    test::RunnerProcess::Variables variables() const {
        return {{"DATABASE_URL", database_url(Role::Writer)},
                {"COREDUMPS_DIR", dumps_.path()},
                {"ASSETS_DIR", dumps_.path()},
                {"MAX_COREDUMPS", "1000"},
                {"PARSE_SIDECAR_URL", ""},
                {"OIDC_ENABLED", "false"}};
    }

    Names files() const { return names_in(dumps_ / kKey); }
    Names spooled() const { return test::file_names_below(dumps_ / ".spool"); }
    std::filesystem::path first_spooled() const {
        return test::files_below(dumps_ / ".spool").at(0);
    }
    Names quarantined() const { return names_in(dumps_ / ".quarantine"); }
    static Names rows() {
        Names names;
        for (const auto& row : sql("SELECT filename FROM coredumps ORDER BY filename")) {
            names.push_back(row.at(0));
        }
        return names;
    }

    std::int64_t device_ = add_device(add_model("a"), kKey);
    test::TemporaryFolder dumps_;
    db::StoreRules rules_{20};
};

TEST_F(SpoolTest, ComesInAsItWasAccepted) {
    const auto accepted = spool("a core dump", "key");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), Names{accepted.filename.str()});
    EXPECT_EQ(files(), rows());
    EXPECT_EQ(test::content_of(dumps_ / kKey / accepted.filename.str()), "a core dump");
    EXPECT_EQ(spooled(), Names{});
    const auto row =
        sql("SELECT chip, firmware_version, size, encode(sha256, 'hex'), "
            "idempotency_key, parse_status, uploaded_at = (SELECT last_coredump_at "
            "FROM devices), to_char(uploaded_at AT TIME ZONE 'UTC', "
            "'\"coredump_\"YYYYMMDD\"T\"HH24MISS_US\"Z.dmp\"') FROM coredumps");
    EXPECT_EQ(row.at(0), (Names{"esp32c3", "1.0", "11", sha256_hex("a core dump"), "key", "PENDING",
                                "t", accepted.filename.str()}));
    EXPECT_EQ(import_all(), 0U);
}

TEST_F(SpoolTest, KeepsItsPlaceInTime) {
    rules_.keep = 2;
    const auto older = spool("older");
    const auto newer = spool("newer");
    sql("UPDATE devices SET last_coredump_at = now() + interval '1 day'");
    EXPECT_EQ(import_all(), 2U);
    EXPECT_EQ(rows(), (Names{older.filename.str(), newer.filename.str()}));
    const auto newest = spool("newest");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), (Names{newer.filename.str(), newest.filename.str()}));
    EXPECT_EQ(files(), rows());
    EXPECT_EQ(sql_value("SELECT last_coredump_at > now() FROM devices"), "t");
}

TEST_F(SpoolTest, PushesOutNothingThatCameSince) {
    rules_.keep = 3;
    for (int i = 0; i < 3; ++i) spool(std::to_string(i));
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    metrics::Counters counters;
    Uploads uploads(devices, coredumps, test::disk(dumps_.path()), rules_, counters);
    Names newer;
    for (int i = 0; i < 2; ++i) {
        newer.push_back(
            uploads.accept({{kKey}, "esp32c3", "1.0"}, [] { return "newer"; }).filename.str());
    }
    EXPECT_EQ(import_all(), 3U);
    const auto kept = rows();
    ASSERT_EQ(kept.size(), 3U);
    EXPECT_EQ(Names(kept.begin() + 1, kept.end()), newer);
}

TEST_F(SpoolTest, TheUploadLimitRefusesNothingThatWasAccepted) {
    sql("UPDATE devices SET upload_budget_full_at = clock_timestamp() + interval '1 minute'");
    spool();
    EXPECT_EQ(import_all(), 1U);
}

TEST_F(SpoolTest, WhatHasNoRowToBecomeIsQuarantined) {
    spool("x", {}, {"nobody00"});
    spool("x", {}, {kKey, ModelCode::trusted("another")});
    const auto good = spool("x", {}, {kKey, ModelCode::trusted("a")});
    test::write_file(dumps_ / ".spool" / "what.spool", "is this?\n");
    test::write_file(dumps_ / ".spool" / "empty.spool", "");
    test::write_file(dumps_ / ".spool" / "long.spool", std::string(2'000'000, 'x'));
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), Names{good.filename.str()});
    EXPECT_EQ(spooled(), Names{});
    EXPECT_EQ(quarantined().size(), 5U);
    EXPECT_EQ(test::disk(dumps_.path()).spool.state().quarantined.files, 5U);
    EXPECT_FALSE(std::filesystem::exists(dumps_ / "nobody00"));
}

TEST_F(SpoolTest, WhatIsPutBackFromQuarantineIsTriedAgain) {
    const auto accepted = spool("x", {}, {"nobody00"});
    EXPECT_EQ(import_all(), 0U);
    const auto name = quarantined().at(0);
    add_device(add_model("b"), "nobody00");
    std::filesystem::rename(dumps_ / ".quarantine" / name, dumps_ / ".spool" / name);
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), Names{accepted.filename.str()});
}

TEST_F(SpoolTest, ADamagedFileIsQuarantined) {
    spool();
    const auto path = first_spooled();
    auto record = test::content_of(path);
    record.back() ^= 1;
    test::write_file(path, record);
    EXPECT_EQ(import_all(), 0U);
    EXPECT_EQ(quarantined().size(), 1U);
    EXPECT_EQ(rows(), Names{});
}

TEST_F(SpoolTest, WithoutADatabaseAllStays) {
    spool();
    EXPECT_THROW(import_all("postgresql://x@127.0.0.1:1/x"), db::Unavailable);
    EXPECT_EQ(spooled().size(), 1U);
}

TEST_F(SpoolTest, OneThatFailsDoesNotStopTheOthers) {
    spool("x", {}, {"00000000"});
    add_device(add_model("b"), "00000000");
    spool();
    // Where the folder of the first device should be.
    test::write_file(dumps_ / "00000000", "a file");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(spooled().size(), 1U);
    std::filesystem::remove(dumps_ / "00000000");
    EXPECT_EQ(import_all(), 1U);
}

TEST_F(SpoolTest, ADeviceWhoseFolderCannotBeWrittenBlocksNoOther) {
    for (int i = 0; i < 20; ++i) spool(std::to_string(i), {}, {"00000000"});
    add_device(add_model("b"), "00000000");
    spool();
    test::write_file(dumps_ / "00000000", "a file");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(spooled().size(), 20U);
    std::filesystem::remove(dumps_ / "00000000");
    EXPECT_EQ(import_all(), 20U);
}

TEST_F(SpoolTest, RepeatsAreOneRecordAndOneFile) {
    const auto first = spool("x", "key");
    EXPECT_EQ(spool("x", "key").filename, first.filename);
    EXPECT_EQ(spooled().size(), 1U);
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), Names{first.filename.str()});
    EXPECT_EQ(files(), rows());
    spool("x", "key");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(files(), Names{first.filename.str()});
    EXPECT_EQ(spooled(), Names{});
}

TEST_F(SpoolTest, ARepeatThatComesBeforeTheImportIsOfTheSameName) {
    const auto first = spool("x", "key");
    metrics::Counters counters;
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    Uploads uploads(devices, coredumps, test::disk(dumps_.path()), rules_, counters,
                    UploadLimit::per_minute(1, 1));
    sql("UPDATE devices SET upload_budget_full_at = clock_timestamp() + interval '1 minute'");
    const auto again =
        uploads.accept({{kKey}, "esp32c3", "1.0", "key"}, [] { return std::string("x"); });
    EXPECT_TRUE(again.coredump_id);
    EXPECT_EQ(again.filename, first.filename);
    EXPECT_EQ(rows(), Names{first.filename.str()});
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(rows(), Names{first.filename.str()});
    EXPECT_EQ(files(), rows());
}

// Its record has a name, which is what the first answer said.
TEST_F(SpoolTest, ARepeatOfWhatIsRecordedIsAnsweredWithItsName) {
    const auto first = spool("x", "key");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(spool("x", "key").filename, first.filename);
    EXPECT_EQ(spool("x", "key").filename, first.filename) << "while that waits";
    EXPECT_NE(spool("y", "key").filename, first.filename) << "other bytes";
    EXPECT_NE(spool("x", "another").filename, first.filename);
    EXPECT_NE(spool("x").filename, first.filename) << "no repeat: it has no key";
    EXPECT_EQ(import_all(), 4U);
    EXPECT_EQ(rows().size(), 4U);
    EXPECT_EQ(rows().front(), first.filename.str());
    EXPECT_EQ(files(), rows());
    rules_.deduplicate = true;
    EXPECT_EQ(spool("x").filename, first.filename) << "by the bytes alone";
}

TEST_F(SpoolTest, AfterAnImportThatWasCutShortNothingIsLostOrDoubled) {
    const auto accepted = spool();
    const auto name = spooled().at(0);
    const auto record = test::content_of(first_spooled());
    const auto again = [&] {
        test::write_file(dumps_ / ".spool" / name, record);
        EXPECT_EQ(import_all(), 1U);
        EXPECT_EQ(rows(), Names{accepted.filename.str()});
        EXPECT_EQ(files(), rows());
        EXPECT_EQ(spooled(), Names{});
    };
    EXPECT_EQ(import_all(), 1U);
    again();  // killed before the spool's file was removed
    sql("TRUNCATE coredumps");
    again();  // killed before the row was made
}

TEST_F(SpoolTest, ANameThatIsTakenMeanwhileIsNotOverwritten) {
    const auto accepted = spool("spooled");
    test::write_file(dumps_ / kKey / accepted.filename.str(), "another");
    EXPECT_EQ(import_all(), 1U);
    EXPECT_EQ(files().size(), 2U);
    EXPECT_EQ(test::content_of(dumps_ / kKey / accepted.filename.str()), "another");
    EXPECT_EQ(test::content_of(dumps_ / kKey / rows().at(0)), "spooled");
}

// Two hosts with a folder each, and one microsecond.
TEST_F(SpoolTest, ANameThatAnotherHostGaveIsNoReasonToLoseADump) {
    const auto accepted = spool("a dump of here");
    import_all();
    const auto bytes = std::string("a dump of THERE").substr(0, 14);
    const test::TemporaryFolder elsewhere;
    const auto record_of = [&](const std::string& content) {
        const auto at = std::chrono::microseconds(
            std::stoll(sql_value("SELECT (extract(epoch FROM min(uploaded_at)) * 1000000)::bigint "
                                 "FROM coredumps")));
        test::disk(elsewhere.path())
            .spool.store({DeviceKey::trusted(kKey), std::nullopt, Chip::trusted("esp32c3"),
                          FirmwareVersion::trusted("1.0"), Timestamp(at), std::nullopt,
                          sha256_hex(content), content});
    };
    record_of(bytes);
    EXPECT_EQ(import_all_of(elsewhere), 1U);
    const auto expect_both = [&] {
        const auto names = rows();
        ASSERT_EQ(names.size(), 2U);
        EXPECT_EQ(names.at(0), accepted.filename.str());
        EXPECT_EQ(names_in(elsewhere / kKey), Names{names.at(1)});
        EXPECT_EQ(test::content_of(elsewhere / kKey / names.at(1)), bytes);
        EXPECT_EQ(test::content_of(dumps_ / kKey / names.at(0)), "a dump of here");
        EXPECT_EQ(names_in(elsewhere / ".spool"), Names{});
    };
    expect_both();
    record_of(bytes);  // killed before the spool's file was removed
    EXPECT_EQ(import_all_of(elsewhere), 1U);
    expect_both();
    sql("DELETE FROM coredumps WHERE id = (SELECT max(id) FROM coredumps)");
    record_of(bytes);  // killed before the row was made
    EXPECT_EQ(import_all_of(elsewhere), 1U);
    expect_both();
}

TEST_F(SpoolTest, ItIsBoundedExactly) {
    const std::string bytes(10'000, 'x');
    spool(bytes);
    const auto size = storage::entry_at(first_spooled()).value().on_disk;
    EXPECT_TRUE(test::in_processes(8, [&](int /*process*/) {
        db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
        db::Devices devices(nowhere);
        db::Coredumps coredumps(nowhere);
        metrics::Counters counters;
        // Another device has a longer or shorter name in no record.
        Uploads uploads(devices, coredumps, test::disk(dumps_.path(), 20 * size), rules_, counters);
        for (int i = 0; i < 5; ++i) {
            try {
                uploads.accept({{kKey}, "esp32c3", "1.0"}, [&] { return bytes; });
            } catch (const os::StorageError& full) {
                EXPECT_EQ(full.code(), std::errc(EDQUOT));
            }
        }
        return true;
    }));
    EXPECT_EQ(spooled().size(), 20U);
    EXPECT_EQ(import_all(), 20U);
}

TEST_F(SpoolTest, RunnersAreKilledAgainAndAgainAndEachDumpIsThereOnce) {
    constexpr int kDumps = 120;
    Names accepted;
    for (int i = 0; i < kDumps; ++i) accepted.push_back(spool("x").filename.str());
    std::size_t kills = 0;
    // Whatever it is at when another file has gone from the spool.
    for (auto left = spooled().size(); left > 20; left = spooled().size()) {
        test::RunnerProcess first(variables());
        test::RunnerProcess second(variables());
        EXPECT_TRUE(test::eventually([&] { return spooled().size() < left; }));
        first.signal(SIGKILL);
        second.signal(SIGKILL);
        kills += 2;
    }
    EXPECT_GT(kills, 2U);
    EXPECT_EQ(test::RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(spooled(), Names{});
    std::ranges::sort(accepted);
    EXPECT_EQ(std::ranges::adjacent_find(accepted), accepted.end());
    EXPECT_EQ(rows(), accepted);
    Names stored;
    std::ranges::copy_if(files(), std::back_inserter(stored),
                         [](const auto& name) { return !name.starts_with('.'); });
    EXPECT_EQ(stored, accepted);
    EXPECT_EQ(quarantined(), Names{});
}

TEST_F(SpoolTest, WithoutASidecarTheRunnerBringsItInAllTheSame) {
    spool();
    EXPECT_EQ(test::RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(rows().size(), 1U);
}

}  // namespace
}  // namespace coredepot::core
