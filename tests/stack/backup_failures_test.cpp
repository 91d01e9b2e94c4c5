// Backups and restores that meet what they must not: files in their way, files that vanish, a
// database that is away.

#include <gtest/gtest.h>

#include "backup.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

TEST(Backup, RestoresOnlyIntoWhatIsEmpty) {
    const TemporaryFolder folder;
    const auto device = make_device();
    upload(device, "one");
    const auto snapshot = backup(folder / "backup");
    const auto before = files_in(stack().coredumps_dir());
    const auto restore = script("coredepot-restore");
    EXPECT_EQ(run({restore, snapshot}).status, 1);  // the database is not
    create_database("third");
    EXPECT_EQ(
        run(database_url("third"), stack().coredumps_dir(), folder / "assets", {restore, snapshot})
            .status,
        1);
    EXPECT_EQ(run({restore, folder.path()}).status, 1);
    EXPECT_EQ(files_in(stack().coredumps_dir()), before);
}

TEST(Backup, NeitherFolderIsTouchedWhenOneIsNotEmpty) {
    const TemporaryFolder folder;
    upload(make_device(), "one");
    const auto snapshot = backup(folder / "backup");
    create_database("fourth");
    write_file(folder / "assets" / "theirs", "another's");
    const auto result = run(database_url("fourth"), folder / "coredumps", folder / "assets",
                            {script("coredepot-restore"), snapshot});
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_TRUE(files_in(folder / "coredumps").empty());
}

TEST(Backup, IsDroppedRatherThanTheOthersWhenItFails) {
    const TemporaryFolder folder;
    write_file(folder / "backup" / "20200101T000000Z" / "coredumps.list", "a snapshot");
    const auto failed =
        run("postgresql://x@127.0.0.1:1/x", stack().coredumps_dir(), stack().assets_dir(),
            {script("coredepot-backup"), "--keep", "1", folder / "backup"});
    EXPECT_EQ(failed.status, 1);
    EXPECT_TRUE(fs::exists(folder / "backup" / "20200101T000000Z"));
}

TEST(Backup, IsGoodWhereFilesVanishWhileTheirLabelsAreRead) {
    const TemporaryFolder folder;
    const auto device = make_device();
    upload(device, "one");
    const auto backup_where_rsync_says = [&](const std::string& complaint) {
        write_file(folder / "rsync",
                   "#!/bin/sh\nPATH=${PATH#*:}\nrsync \"$@\" || exit\ncat >&2 <<'END'\n" +
                       complaint +
                       "\nfile has vanished: \"/x/coredump_20261201T122449_457602Z.dmp\"\n"
                       "rsync error: some files/attrs were not transferred (see previous errors) "
                       "(code 23) at main.c(1338) [sender=3.2.7]\nEND\nexit 23\n");
        fs::permissions(folder / "rsync", fs::perms::owner_all);
        return run({"/usr/bin/env", path_variable(folder.path()), script("coredepot-backup"),
                    folder / "backup"});
    };
    const std::string call = R"(rsync: [sender] get_xattr_names: llistxattr("/x/a.dmp",1024) )";
    const auto vanished = backup_where_rsync_says(call + "failed: No such file or directory (2)");
    EXPECT_EQ(vanished.status, 0) << vanished.output;
    EXPECT_EQ(files_in(folder / "backup" / names_in(folder / "backup").back() / "coredumps").size(),
              files_in(stack().coredumps_dir()).size());
    const auto failed = backup_where_rsync_says(call + "failed: Input/output error (5)");
    EXPECT_EQ(failed.status, 1) << failed.output;
}

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
            {"/usr/bin/env", path_variable(folder.path()), script(command.at(0)), command.at(1)},
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

}  // namespace
