// The drill: a backup while uploads go on, and what comes of it when it is restored.

#include "backup.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/metrics_page.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] {
    return Settings{{"MAX_COREDUMPS", "5"}, {"UPLOAD_RATE_PER_MINUTE", "0"}};
});

/// All rows of all tables, also Sqitch's.
std::string rows_in(const std::string& database) {
    const auto result = run_command(
        {"/bin/bash", "-c",
         "for table in device_models devices firmware_versions coredumps deleted_coredumps "
         "sidecar_outages "
         "sqitch.changes; do psql -XAtc \"SELECT to_jsonb(t) FROM $table t ORDER BY 1\" \"$0\"; "
         "done",
         database});
    EXPECT_EQ(result.status, 0) << result.output;
    return result.output;
}

std::string ask(const std::string& database, const std::string& query) {
    const auto result = run_command({"/usr/bin/psql", "-XAtc", query, database});
    EXPECT_EQ(result.status, 0) << result.output;
    return result.output;
}

TEST(Backup, WhileUploadsGoOnThenRestoredAndCompared) {
    const TemporaryFolder folder;
    const auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "1.0.0", "an ELF")));
    const auto quiet = make_device(model);
    std::vector<std::int64_t> kept;
    for (const auto* bytes : {"one", "two", "three"}) kept.push_back(upload(quiet, bytes).id);
    std::vector<FleetDevice> busy;
    for (int i = 0; i < 4; ++i) busy.push_back(make_device(model));

    BusyDevices uploads(busy);
    EXPECT_TRUE(eventually([&] { return uploads.accepted().size() > 40; }));
    const auto before = uploads.accepted();
    const auto first = backup(folder / "backup");
    const auto after = uploads.accepted().size();
    EXPECT_GT(after, before.size()) << "nothing went on";
    uploads.stop();
    const auto accepted = uploads.accepted();

    const auto restored = restore(first, folder / "first", "first");
    EXPECT_EQ(ask(restored.database,
                  "SELECT count(*) FROM coredumps c WHERE device_id = " + std::to_string(quiet.id)),
              "3\n");
    auto files = files_in(restored.coredumps);
    EXPECT_EQ(std::to_string(files.size()) + '\n',
              ask(restored.database, "SELECT count(*) FROM coredumps"));
    // Whatever was accepted before the backup, and still was there after it, is in it.
    for (const auto& [name, bytes] : files_in(stack().coredumps_dir())) {
        if (!before.contains(name)) continue;
        EXPECT_EQ(files[name], bytes) << name;
    }
    for (const auto& [name, bytes] : files) {
        if (!accepted.contains(name)) continue;
        EXPECT_EQ(bytes, accepted.at(name)) << name;
    }
    EXPECT_EQ(
        run(restored.database, restored.coredumps, restored.assets, fsck_command({"--age", "0"}))
            .output,
        "");

    // Another one when all is quiet: the same, byte by byte, and of what did not change no copy.
    EXPECT_TRUE(eventually([] {
        return stack().sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'") ==
               "0";
    }));
    const auto second = backup(folder / "backup");
    EXPECT_NE(first, second);
    const auto exact = restore(second, folder / "second", "second");
    EXPECT_EQ(rows_in(exact.database), rows_in(database_url()));
    EXPECT_EQ(files_in(exact.coredumps), files_in(stack().coredumps_dir()));
    EXPECT_EQ(files_in(exact.assets), files_in(stack().assets_dir()));
    for (const auto& name : names_in(second / "coredumps" / quiet.key)) {
        EXPECT_TRUE(fs::equivalent(first / "coredumps" / quiet.key / name,
                                   second / "coredumps" / quiet.key / name));
    }

    // A stack of its own on what was restored.
    const TemporaryFolder other;
    const Stack revived(other.path(), {{"DATABASE_URL", exact.database},
                                       {"COREDUMPS_DIR", exact.coredumps},
                                       {"ASSETS_DIR", exact.assets}});
    auto client = revived.client();
    EXPECT_EQ(client.get(quiet.coredump_path(kept.at(1)) + "/download").body, "two");
    EXPECT_EQ(client.post(upload_target(quiet.key), "after the restore").status, 201);
    EXPECT_EQ(client.get(quiet.coredumps_path()).json().at("count").integer(), 4);
}

TEST(Backup, FromAFolderThatCannotBeEntered) {
    const TemporaryFolder folder;
    upload(make_device(), "one");
    const std::string from_closed = R"(
        mkdir "$0" && cd "$0" && chmod 0400 . || exit
        ((EUID == 0)) || exec "$@"
        exec setpriv --bounding-set=-dac_override,-dac_read_search -- "$@")";
    const auto snapshot =
        backup(folder / "backup", {"/bin/bash", "-c", from_closed, folder / "closed"});
    EXPECT_FALSE(files_in(snapshot / "coredumps").empty());
}

TEST(Backup, KeepsAsManyAsItIsTold) {
    const TemporaryFolder folder;
    upload(make_device(), "one");
    const std::vector<std::string> old = {"20200101T000000Z", "20200102T000000Z",
                                          "20990101T000000Z"};
    for (const auto& name : old) {
        write_file(folder / "backup" / name / "coredumps.list", "a snapshot");
    }
    write_file(folder / "backup" / "notes" / "20200101T000000Z", "not ours");
    const auto run_with = [&](const std::string& keep) {
        return run({script("coredepot-backup"), "--keep", keep, folder / "backup"});
    };
    const auto kept = run_with("2");
    EXPECT_EQ(kept.status, 0) << kept.output;
    const auto lines = kept.output.substr(0, kept.output.size() - 1);  // rsync may say a word, too
    const auto snapshot = lines.substr(lines.rfind('/') + 1);
    EXPECT_EQ(names_in(folder / "backup"),
              (std::vector<std::string>{".lock", snapshot, old.at(2), "notes"}));
    for (const auto* bad : {"0", "-1", "many", ""}) EXPECT_EQ(run_with(bad).status, 1) << bad;
}

TEST(Backup, AndRestoreShowOnATerminalHowFarTheyAre) {
    const TemporaryFolder folder;
    upload(make_device(), "one");
    const auto on_terminal = [](const std::string& database, const fs::path& files,
                                const std::string& line) {
        return run(database, files / "coredumps", files / "assets",
                   {"/usr/bin/script", "-qec", line, "/dev/null"});
    };
    const auto backed_up =
        on_terminal(database_url(), stack().coredumps_dir().parent_path(),
                    script("coredepot-backup") + " " + (folder / "backup").string());
    EXPECT_EQ(backed_up.status, 0) << backed_up.output;
    for (const auto* said : {"100%", "to-chk=", "dumping contents of table"}) {
        EXPECT_NE(backed_up.output.find(said), std::string::npos) << said << backed_up.output;
    }
    create_database("shown");
    const auto snapshot = visible_names_in(folder / "backup").at(0);
    const auto restored =
        on_terminal(database_url("shown"), folder.path(),
                    script("coredepot-restore") + " " + (folder / "backup" / snapshot).string());
    EXPECT_EQ(restored.status, 0) << restored.output;
    for (const auto* said : {"100%", "processing data for table"}) {
        EXPECT_NE(restored.output.find(said), std::string::npos) << said << restored.output;
    }
}

TEST(Backup, TheLastGoodOneIsInTheMetrics) {
    constexpr const char* kSeries = "coredepot_last_backup_timestamp_seconds";
    auto without = stack().client();
    EXPECT_FALSE(MetricsPage::of(without).has(kSeries));
    const TemporaryFolder folder;
    const auto stamp = folder / "last-good";
    const Stack with(folder.path(), {{"BACKUP_DIR", folder / "backup"}, {"BACKUP_STAMP", stamp}});
    auto client = with.client();
    EXPECT_EQ(MetricsPage::of(client).at(kSeries), 0);
    const auto before = std::chrono::system_clock::now();
    write_file(stamp, "");
    const auto age = std::chrono::duration<double>(before.time_since_epoch()).count() -
                     MetricsPage::of(client).at(kSeries);
    EXPECT_LT(std::abs(age), 60);
}

TEST(Backup, RowsWithoutTheirFilesAreNamed) {
    const TemporaryFolder folder;
    const auto device = make_device();
    const auto coredump = upload(device, "gone");
    upload(device, "there");
    fs::remove(device.folder() / coredump.filename);
    const auto snapshot = backup(folder / "backup");
    EXPECT_EQ(read_bytes(snapshot / "missing"), device.key + '/' + coredump.filename + '\n');
    EXPECT_EQ(stack().client().del(device.coredump_path(coredump.id)).status, 204);
}

}  // namespace
