// The drill: a backup while uploads go on, and what comes of it when it is restored. And fsck,
// which has to leave alone what goes on.

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>
#include <regex>
#include <thread>

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] {
    return Settings{{"MAX_COREDUMPS", "5"}, {"UPLOAD_RATE_PER_MINUTE", "0"}};
});

const std::string kSource = COREDEPOT_SOURCE_DIR;
const std::string kBuild = COREDEPOT_BUILD_DIR;
/// With connection_part, which the scripts look for there, too.
const std::string kPath = std::string("PATH=") + std::getenv("PATH") + ':' + kBuild + "/handlers";

/// The stack's database, or another of that server, as the owner.
std::string database_url(const std::string& name = "coredepot") {
    return "postgresql://coredepot@/" + name +
           "?host=" + (stack().state() / "run/postgres").string() + "&port=5432";
}

CommandResult run(const std::string& database, const fs::path& coredumps, const fs::path& assets,
                  const std::vector<std::string>& command) {
    return run_command(command, {"DATABASE_URL=" + database, "COREDUMPS_DIR=" + coredumps.string(),
                                 "ASSETS_DIR=" + assets.string(), "OIDC_ENABLED=false", kPath});
}

CommandResult run(const std::vector<std::string>& command) {
    return run(database_url(), stack().coredumps_dir(), stack().assets_dir(), command);
}

/// Without its log.
std::vector<std::string> fsck_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", R"("$0" "$@" 2>/dev/null)",
                                         kBuild + "/handlers/coredepot-fsck"});
    return arguments;
}

void create_database(const std::string& name) {
    const auto superuser =
        "postgresql://postgres@/postgres?host=" + (stack().state() / "run/postgres").string() +
        "&port=5432";
    const auto result = run_command(
        {"/usr/bin/psql", "-Xqc", "CREATE DATABASE " + name + " OWNER coredepot", superuser});
    EXPECT_EQ(result.status, 0) << result.output;
}

/// A new snapshot; `command` starts coredepot-backup, when it is not we who do.
fs::path backup(const fs::path& folder, std::vector<std::string> command = {}) {
    command.insert(command.end(), {kSource + "/systemd/tools/coredepot-backup", folder});
    const auto result = run(command);
    EXPECT_EQ(result.status, 0) << result.output;
    fs::path newest;
    for (const auto& name : names_in(folder)) {
        if (!name.starts_with('.')) newest = folder / name;
    }
    return newest;
}

/// What was put back, beside the original.
struct Restored {
    std::string database;
    fs::path coredumps;
    fs::path assets;
};

Restored restore(const fs::path& snapshot, const fs::path& folder, const std::string& database) {
    create_database(database);
    Restored restored{database_url(database), folder / "coredumps", folder / "assets"};
    fs::create_directories(folder);
    const auto result = run(restored.database, restored.coredumps, restored.assets,
                            {kSource + "/systemd/tools/coredepot-restore", snapshot});
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(result.output, "");
    return restored;
}

/// Each file below a folder, and what it holds; caches are none of a backup's.
std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && !name.starts_with('.')) {
            files[name] = read_bytes(entry.path());
        }
    }
    return files;
}

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

/// Devices that upload without a pause, each beyond what it may keep.
class Uploads {
  public:
    explicit Uploads(std::vector<FleetDevice> devices) {
        for (const auto& device : devices) {
            threads_.emplace_back([this, device] {
                for (int i = 0; !stop_; ++i) {
                    const auto bytes = device.key + " crashed " + std::to_string(i);
                    const auto coredump = upload(device, bytes);
                    const std::scoped_lock lock(mutex_);
                    accepted_[device.key + '/' + coredump.filename] = bytes;
                }
            });
        }
    }
    ~Uploads() { stop(); }
    Uploads(const Uploads&) = delete;
    Uploads& operator=(const Uploads&) = delete;

    void stop() {
        stop_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    /// Names of files, and what was uploaded.
    std::map<std::string, std::string> accepted() const {
        const std::scoped_lock lock(mutex_);
        return accepted_;
    }

  private:
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> accepted_;
    std::vector<std::thread> threads_;
};

TEST(Backup, WhileUploadsGoOnThenRestoredAndCompared) {
    const TemporaryFolder folder;
    const auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "1.0.0", "an ELF")));
    const auto quiet = make_device(model);
    std::vector<std::int64_t> kept;
    for (const auto* bytes : {"one", "two", "three"}) kept.push_back(upload(quiet, bytes).id);
    std::vector<FleetDevice> busy;
    for (int i = 0; i < 4; ++i) busy.push_back(make_device(model));

    Uploads uploads(busy);
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

TEST(Backup, RestoresOnlyIntoWhatIsEmpty) {
    const TemporaryFolder folder;
    const auto device = make_device();
    upload(device, "one");
    const auto snapshot = backup(folder / "backup");
    const auto before = files_in(stack().coredumps_dir());
    const auto script = kSource + "/systemd/tools/coredepot-restore";
    EXPECT_EQ(run({script, snapshot}).status, 1);  // the database is not
    create_database("third");
    EXPECT_EQ(
        run(database_url("third"), stack().coredumps_dir(), folder / "assets", {script, snapshot})
            .status,
        1);
    EXPECT_EQ(run({script, folder.path()}).status, 1);
    EXPECT_EQ(files_in(stack().coredumps_dir()), before);
}

TEST(Backup, NeitherFolderIsTouchedWhenOneIsNotEmpty) {
    const TemporaryFolder folder;
    upload(make_device(), "one");
    const auto snapshot = backup(folder / "backup");
    create_database("fourth");
    write_file(folder / "assets" / "theirs", "another's");
    const auto result = run(database_url("fourth"), folder / "coredumps", folder / "assets",
                            {kSource + "/systemd/tools/coredepot-restore", snapshot});
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_TRUE(files_in(folder / "coredumps").empty());
}

// As when root has runuser start it in /root.
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

// By a clock that was ahead there is one of tomorrow: the new one is not the newest.
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
        return run(
            {kSource + "/systemd/tools/coredepot-backup", "--keep", keep, folder / "backup"});
    };
    const auto kept = run_with("2");
    EXPECT_EQ(kept.status, 0) << kept.output;
    const auto lines = kept.output.substr(0, kept.output.size() - 1);  // rsync may say a word, too
    const auto snapshot = lines.substr(lines.rfind('/') + 1);
    EXPECT_EQ(names_in(folder / "backup"),
              (std::vector<std::string>{".lock", snapshot, old.at(2), "notes"}));
    for (const auto* bad : {"0", "-1", "many", ""}) EXPECT_EQ(run_with(bad).status, 1) << bad;
}

TEST(Backup, IsDroppedRatherThanTheOthersWhenItFails) {
    const TemporaryFolder folder;
    write_file(folder / "backup" / "20200101T000000Z" / "coredumps.list", "a snapshot");
    const auto failed =
        run("postgresql://x@127.0.0.1:1/x", stack().coredumps_dir(), stack().assets_dir(),
            {kSource + "/systemd/tools/coredepot-backup", "--keep", "1", folder / "backup"});
    EXPECT_EQ(failed.status, 1);
    EXPECT_TRUE(fs::exists(folder / "backup" / "20200101T000000Z"));
}

// Whatever its characters: other users see command lines.
TEST(Backup, AndRestoreHaveAPasswordOnNoCommandLine) {
    const TemporaryFolder folder;
    write_file(folder / "snapshot" / "database", "a dump");
    fs::create_directories(folder / "snapshot" / "coredumps");
    write_file(folder / "psql", "#!/bin/sh\necho \"$PGPASSWORD, $*\" >\"$0.said\"\nexit 1\n");
    fs::permissions(folder / "psql", fs::perms::owner_all);
    for (const auto& command :
         {std::vector<std::string>{"coredepot-backup", folder / "backup"},
          std::vector<std::string>{"coredepot-restore", folder / "snapshot"}}) {
        const auto failed = run_command(
            {"/usr/bin/env", "PATH=" + folder.path().string() + ':' + kPath.substr(5),
             kSource + "/systemd/tools/" + command.at(0), command.at(1)},
            {"DATABASE_URL=postgresql://u:se?c%40ret@db/x",
             "COREDUMPS_DIR=" + folder.path().string(), "ASSETS_DIR=" + folder.path().string()});
        EXPECT_EQ(failed.status, 1) << failed.output;
        const auto said = read_bytes(folder / "psql.said");
        EXPECT_TRUE(said.starts_with("se?c@ret, ")) << said;
        EXPECT_EQ(said.rfind("se?c"), 0U) << said;
        EXPECT_NE(said.find("host='db'"), std::string::npos) << said;
        fs::remove(folder / "psql.said");
    }
}

// Only there: what a timer starts has a log to fill.
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
                    kSource + "/systemd/tools/coredepot-backup " + (folder / "backup").string());
    EXPECT_EQ(backed_up.status, 0) << backed_up.output;
    for (const auto* said : {"100%", "to-chk=", "dumping contents of table"}) {
        EXPECT_NE(backed_up.output.find(said), std::string::npos) << said << backed_up.output;
    }
    create_database("shown");
    const auto snapshot = visible_names_in(folder / "backup").at(0);
    const auto restored = on_terminal(
        database_url("shown"), folder.path(),
        kSource + "/systemd/tools/coredepot-restore " + (folder / "backup" / snapshot).string());
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

TEST(Fsck, ShowsOnATerminalHowFarItIs) {
    upload(make_device(), "one");
    const auto fsck = kBuild + "/handlers/coredepot-fsck";
    const auto shown = run({"/usr/bin/script", "-qec", fsck, "/dev/null"}).output;
    EXPECT_TRUE(std::regex_search(shown, std::regex(R"(1 of [\d,]+ core dumps)"))) << shown;
    EXPECT_EQ(run({fsck}).output.find("\033[K"), std::string::npos);
}

TEST(Fsck, LeavesAloneWhatGoesOnAndFindsWhatIsWrong) {
    const auto fsck = [](const std::vector<std::string>& arguments) {
        return run(fsck_command(arguments));
    };
    const auto device = make_device();
    {
        Uploads uploads({device, make_device(device.model)});
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(fsck({"--repair", "--settle", "0"}).status, 0);
        }
        EXPECT_FALSE(uploads.accepted().empty());
    }
    for (const auto& [name, bytes] : files_in(device.folder())) EXPECT_NE(bytes, "") << name;
    EXPECT_EQ(files_in(device.folder()).size(), rows_of(device).size());

    const auto orphan = device.folder() / "coredump_20200101T000000_000000Z.dmp";
    write_file(orphan, "no row names it, and it tells nothing");
    const auto found = fsck({"--age", "0"});
    EXPECT_EQ(found.status, 4);
    EXPECT_EQ(found.output, "file without row: " + orphan.string() + '\n');
    EXPECT_EQ(fsck({"--age", "0", "--settle", "0", "--repair"}).status, 4);
    EXPECT_FALSE(fs::exists(orphan));
    const auto aside =
        stack().coredumps_dir() / ".quarantine" / (device.key + '-' + orphan.filename().string());
    EXPECT_EQ(read_bytes(aside), "no row names it, and it tells nothing");
    fs::remove(aside);
    EXPECT_EQ(fsck({"--age", "0"}).status, 0);
    EXPECT_EQ(fsck({"--nonsense"}).status, 16);
    EXPECT_EQ(run("postgresql://x@127.0.0.1:1/x", stack().coredumps_dir(), stack().assets_dir(),
                  fsck_command({}))
                  .status,
              8);
}

}  // namespace
