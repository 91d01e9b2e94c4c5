// The database forgets rows of core dumps that were accepted: an older one is restored, an empty
// one takes its place, a standby that lagged is promoted. fsck brings all of them back, once.

#include <algorithm>
#include <atomic>

#include <gtest/gtest.h>

#include "fault/form.hpp"
#include "storage/dump_store.hpp"
#include "support/command.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"
#include "support/temporary_folder.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

// Nothing is parsed: the rows have to be what they were.
const bool kStack = use_stack([] {
    return Settings{
        {"MAX_COREDUMPS", "1000000"}, {"UPLOAD_RATE_PER_MINUTE", "0"}, {"PARSE_SIDECAR_URL", ""}};
});

std::string database_url() {
    return "postgresql://coredepot@/coredepot?host=" + (stack().state() / "run/postgres").string() +
           "&port=5432";
}

CommandResult run(const std::vector<std::string>& command) {
    return run_command(command,
                       {"DATABASE_URL=" + database_url(), "MAX_COREDUMPS=1000000",
                        "COREDUMPS_DIR=" + stack().coredumps_dir().string(),
                        "ASSETS_DIR=" + stack().assets_dir().string(), "OIDC_ENABLED=false"});
}

/// What it prints is one line for each that it found.
CommandResult fsck(const std::string& options) {
    return run({"/bin/sh", "-c",
                COREDEPOT_BUILD_DIR "/handlers/coredepot-fsck --age 0 --settle 0 " + options +
                    " 2>/dev/null"});
}

/// All that an upload made.
Rows rows() {
    return stack().sql(
        "SELECT d.key, m.code, c.filename, c.chip, c.firmware_version, c.size, c.sha256, "
        "       c.uploaded_at, c.idempotency_key "
        "  FROM coredumps c JOIN devices d ON d.id = c.device_id "
        "  JOIN device_models m ON m.id = d.device_model_id "
        " ORDER BY d.key, c.filename");
}

class LostRows : public testing::Test {
  protected:
    void SetUp() override {
        if (!coredepot::storage::DumpStore(stack().coredumps_dir()).keeps_labels()) {
            GTEST_SKIP() << "no extended attributes here";
        }
    }

    void upload(std::size_t count) {
        in_parallel(devices_.size(), [&](std::size_t i) {
            for (std::size_t n = 0; n < count; ++n) {
                EXPECT_EQ(ledger_.upload(stack().url(), devices_[i]), 201);
            }
        });
    }
    /// As a backup, or a standby, has it.
    void keep_database() const {
        const auto result = run({"/usr/bin/pg_dump", "--format=custom",
                                 "--file=" + (folder_ / "database").string(), database_url()});
        ASSERT_EQ(result.status, 0) << result.output;
    }
    void restore_database() const {
        // It locks table by table, while a runner has its own order.
        CommandResult result;
        do {
            result = run({"/usr/bin/pg_restore", "--clean", "--if-exists", "--exit-on-error",
                          "--single-transaction", "--no-owner", "--dbname=" + database_url(),
                          (folder_ / "database").string()});
        } while (result.output.find("deadlock detected") != std::string::npos);
        ASSERT_EQ(result.status, 0) << result.output;
        reconnect();
    }
    /// Where it is restored, or another takes its place, connections end.
    static void reconnect() {
        stack().sql_as_superuser(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
            "WHERE datname = 'coredepot' AND pid <> pg_backend_pid()");
    }

    TemporaryFolder folder_;
    Ledger ledger_;
    std::vector<FleetDevice> devices_ = {make_device(), make_device()};
};

TEST_F(LostRows, AnOlderDatabaseIsRestored) {
    const auto count = static_cast<std::size_t>(times(30, 300));
    upload(count);
    keep_database();
    upload(count);
    const auto before = rows();
    restore_database();
    EXPECT_LT(rows().size(), before.size());

    // Killed in the middle of it, again and again.
    for (const auto* moment : {"0.05", "0.1", "0.2"}) {
        run({"/usr/bin/timeout", "--signal=KILL", moment,
             COREDEPOT_BUILD_DIR "/handlers/coredepot-fsck", "--age", "0", "--settle", "0",
             "--repair"});
    }
    fsck("--repair");
    EXPECT_EQ(rows(), before);
    EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
    const auto again = fsck("--repair");
    EXPECT_EQ(again.status, 0) << again.output;
}

TEST_F(LostRows, AStandbyThatLaggedIsPromotedWhileUploadsGoOn) {
    const auto count = static_cast<std::size_t>(times(30, 300));
    upload(count);
    keep_database();
    upload(count);
    const auto lost = rows();
    restore_database();
    std::atomic<bool> done = false;
    in_parallel(2, [&](std::size_t thread) {
        if (thread == 0) {
            upload(count);
            done = true;
            return;
        }
        // What is being uploaded is a file without a row, too, for a moment.
        while (!done) fsck("--repair");
    });
    fsck("--repair");
    EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
    EXPECT_EQ(rows().size(), lost.size() + count * devices_.size());
    EXPECT_EQ(fsck("--repair").status, 0);
}

TEST_F(LostRows, WhatWasDeletedOnPurposeStaysDeleted) {
    upload(5);
    const auto device = make_device();
    const auto coredump = coredepot::test::upload(device, "deleted");
    const auto file = device.folder() / coredump.filename;
    fs::copy_file(file, folder_ / "copy");
    EXPECT_EQ(stack().client().del(device.coredump_path(coredump.id)).status, 204);
    EXPECT_FALSE(fs::exists(file));
    fs::copy_file(folder_ / "copy", file);  // as when the power went before it was gone
    const auto before = rows();
    EXPECT_EQ(fsck("--repair").output,
              "file of a deleted core dump: " + file.string() + ": removed\n");
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(rows(), before);
    EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
}

TEST_F(LostRows, AnEmptyDatabaseTakesItsPlace) {
    upload(static_cast<std::size_t>(times(20, 200)));
    const auto before = rows();
    stack().sql("TRUNCATE device_models, deleted_coredumps CASCADE");

    const auto health = stack().client().get("/health");
    EXPECT_EQ(health.status, 503);
    EXPECT_EQ(health.json().at("status").text(), "unavailable");
    EXPECT_EQ(health.json().at("database").text(), "empty");
    EXPECT_NE(health.json().at("advice").text().find("--make-devices"), std::string::npos);
    EXPECT_EQ(run({COREDEPOT_BUILD_DIR "/handlers/coredepot-fsck", "--check-database"}).status, 8);
    EXPECT_EQ(fsck("--repair").status, 8);
    for (const auto& device : devices_) EXPECT_EQ(ledger_.upload(stack().url(), device), 202);
    EXPECT_TRUE(rows().empty());

    // 4 besides: what is spooled is not old, but for --age 0.
    EXPECT_EQ(fsck("--repair --make-devices").status & 1, 1);
    EXPECT_EQ(run({COREDEPOT_BUILD_DIR "/handlers/coredepot-fsck", "--check-database"}).status, 0);
    EXPECT_TRUE(eventually([&] { return rows().size() == before.size() + devices_.size(); }));
    EXPECT_TRUE(eventually([] { return stack().client().get("/health").status == 200; }));
    EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
    auto after = rows();
    std::erase_if(after, [&](const auto& row) {
        return std::find(before.begin(), before.end(), row) == before.end();
    });
    EXPECT_EQ(after, before);
    EXPECT_EQ(fsck("--repair").status, 0);
}

}  // namespace
