// /health: for load balancers, which look at the status, and for people, who look at the rest. Each
// test has a stack of its own.

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/fleet.hpp"
#include "support/s3_server.hpp"
#include "support/stack.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

void expect_member(const HttpResponse& health, const std::string& member,
                   const std::string& value) {
    EXPECT_EQ(health.json().at(member).text(), value) << health;
}

TEST(Health, SaysWhatIsConfigured) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {});
    auto client = stack.client();
    const auto health = client.get("/health");
    ASSERT_EQ(health.status, 200) << health;
    EXPECT_EQ(health.header("content-type"), "application/json");
    for (const auto* member : {"status", "database", "coredumps_dir", "assets_dir"}) {
        expect_member(health, member, "ok");
    }
    expect_member(health, "sidecar", "configured");
    expect_member(health, "tokens", "not checked");
    expect_member(health, "alerts", "none");
    EXPECT_FALSE(health.json().at("version").text().empty());
    EXPECT_EQ(client.head("/health").status, 200);
    EXPECT_EQ(client.post("/health", "").status, 405);
    EXPECT_EQ(client.post("/health", "").header("allow"), "GET, HEAD");
}

TEST(Health, IsGoodWithoutWhatMayBeLeftOut) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"COREDUMPS_DIR", ""}, {"PARSE_SIDECAR_URL", ""}});
    const auto health = stack.client().get("/health");
    EXPECT_EQ(health.status, 200);
    expect_member(health, "status", "ok");
    expect_member(health, "coredumps_dir", "not configured");
    expect_member(health, "sidecar", "not configured");
}

// Another host has the same store: so nobody is to be sent there instead, and devices least of all.
TEST(Health, SaysHowTheObjectStoreIs) {
    const TemporaryFolder folder;
    S3Server store;
    const Stack stack(folder.path(), store.settings());
    // Without any device nobody could say, with the store away, whether the database forgot some.
    stack.sql(
        "WITH model AS (INSERT INTO device_models (code, name) VALUES ('a', 'a') RETURNING id) "
        "INSERT INTO devices (device_model_id, key) SELECT id, 'abcd1234' FROM model");
    auto client = stack.client();
    const auto health = client.get("/health");
    EXPECT_EQ(health.status, 200);
    for (const auto* member : {"status", "object_store", "state_dir"}) {
        expect_member(health, member, "ok");
    }
    store.go_down();
    EXPECT_TRUE(eventually(
        [&] { return client.get("/health").json().at("object_store").text() == "unavailable"; }));
    const auto without = client.get("/health");
    EXPECT_EQ(without.status, 200);
    expect_member(without, "status", "degraded");
    const auto uploads = client.get("/health/uploads");
    EXPECT_EQ(uploads.status, 200);
    expect_member(uploads, "object_store", "not asked");
    store.come_back();
    EXPECT_TRUE(
        eventually([&] { return client.get("/health").json().at("object_store").text() == "ok"; }));
}

TEST(Health, NamesTheFolderThatIsGoneAndComesBackWithIt) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {});
    auto client = stack.client();
    for (const auto& [member, path] : {std::pair{"coredumps_dir", stack.coredumps_dir()},
                                       std::pair{"assets_dir", stack.assets_dir()}}) {
        const auto aside = path.string() + ".aside";
        fs::rename(path, aside);
        const auto health = client.get("/health");
        EXPECT_EQ(health.status, 503);
        expect_member(health, "status", "unavailable");
        expect_member(health, member, "unavailable");
        expect_member(health, "database", "ok");
        fs::rename(aside, path);
        EXPECT_EQ(client.get("/health").status, 200);
    }
}

TEST(Health, WithoutAPlaceForNewFirmwareIsDegradedBecauseDevicesAreServed) {
    const TemporaryFolder folder;
    // Where nobody can make a file, not even root.
    const Stack stack(folder.path(), {{"ASSETS_DIR", "/proc/self"}});
    const auto health = stack.client().get("/health");
    EXPECT_EQ(health.status, 200);
    expect_member(health, "status", "degraded");
    expect_member(health, "assets_dir", "read-only");
}

TEST(Health, WithoutAPlaceForCoreDumpsIsUnavailable) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {});
    auto client = stack.client();
    // As a disk that was mounted read-only after an error is to the handlers.
    fs::rename(stack.coredumps_dir(), stack.coredumps_dir().string() + ".aside");
    fs::create_directory_symlink("/proc/self", stack.coredumps_dir());
    const auto health = client.get("/health");
    EXPECT_EQ(health.status, 503);
    expect_member(health, "status", "unavailable");
    expect_member(health, "coredumps_dir", "read-only");
}

TEST(Health, TellsNobodyWhereThingsAre) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {});
    auto client = stack.client();
    const auto expect_discreet = [&] {
        const auto health = client.get("/health");
        EXPECT_EQ(health.body.find('/'), std::string::npos) << health;
        EXPECT_EQ(health.body.find("coredepot_reader"), std::string::npos) << health;
    };
    expect_discreet();
    fs::rename(stack.coredumps_dir(), folder / "aside");
    expect_discreet();
    close_database(stack);
    EXPECT_EQ(client.get("/health").status, 503);
    expect_discreet();
}

TEST(HealthOfUploads, IsGoodWhileTheDatabaseIsAwayBecauseTheSpoolTakesThem) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"PARSE_SIDECAR_URL", ""}});
    auto client = stack.client();
    EXPECT_EQ(client.head("/health/uploads").status, 200);
    EXPECT_EQ(client.post("/health/uploads", "").status, 405);
    close_database(stack);
    EXPECT_EQ(client.get("/health").status, 503);
    const auto health = client.get("/health/uploads");
    EXPECT_EQ(health.status, 200) << health;
    expect_member(health, "status", "ok");
    expect_member(health, "spool", "empty");
    expect_member(health, "database", "not asked");
    EXPECT_EQ(client.post(upload_target("abcd1234"), "a core dump").status, 202);
    expect_member(client.get("/health/uploads"), "spool", "waiting");
}

TEST(HealthOfUploads, IsBadWhileTheDatabaseIsAwayAndThereIsNoSpool) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"PARSE_SIDECAR_URL", ""}, {"SPOOL_MAX_BYTES", "0"}});
    auto client = stack.client();
    expect_member(client.get("/health/uploads"), "database", "ok");
    close_database(stack);
    const auto health = client.get("/health/uploads");
    EXPECT_EQ(health.status, 503) << health;
    expect_member(health, "status", "unavailable");
    expect_member(health, "spool", "not configured");
    expect_member(health, "database", "unavailable");
    EXPECT_EQ(client.post(upload_target("abcd1234"), "a core dump").status, 503);
}

TEST(HealthOfUploads, IsBadWithoutASpoolWhereTheDatabaseIsAStandby) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"PARSE_SIDECAR_URL", ""}, {"SPOOL_MAX_BYTES", "0"}});
    stack.sql_as_superuser("ALTER DATABASE coredepot SET default_transaction_read_only = on");
    end_connections(stack);
    auto client = stack.client();
    const auto health = client.get("/health/uploads");
    EXPECT_EQ(health.status, 503) << health;
    expect_member(health, "database", "unavailable");
    EXPECT_EQ(client.get("/health").status, 200);  // there is somebody who reads
}

TEST(HealthOfUploads, IsBadWithoutAPlaceForThem) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {});
    auto client = stack.client();
    fs::rename(stack.coredumps_dir(), stack.coredumps_dir().string() + ".aside");
    auto health = client.get("/health/uploads");
    EXPECT_EQ(health.status, 503) << health;
    expect_member(health, "coredumps_dir", "unavailable");
    fs::create_directory_symlink("/proc/self", stack.coredumps_dir());
    health = client.get("/health/uploads");
    EXPECT_EQ(health.status, 503) << health;
    expect_member(health, "coredumps_dir", "read-only");
}

}  // namespace
