// Uploads while the database is away: kept, promised, and rows afterwards.

#include <algorithm>
#include <atomic>
#include <map>

#include <gtest/gtest.h>

#include "storage/folder_walk.hpp"
#include "support/database_outage.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/parallel.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

/// Room for two of the largest core dumps, or for thousands of small ones.
constexpr int kSpoolBytes = 2'300'000;

Settings settings(int spool_bytes) {
    return {{"PARSE_SIDECAR_URL", ""},
            {"MAX_COREDUMPS", "100000"},
            {"UPLOAD_RATE_PER_MINUTE", "0"},
            {"SPOOL_MAX_BYTES", std::to_string(spool_bytes)}};
}

const bool kStack = use_stack([] { return settings(kSpoolBytes); });

fs::path spool_folder() {
    return stack().coredumps_dir() / ".spool";
}

std::vector<std::string> quarantined() {
    return names_in(stack().coredumps_dir() / ".quarantine");
}

/// Bytes of the disk.
std::uint64_t blocks_of(const fs::path& file) {
    return coredepot::storage::entry_at(file).value().on_disk;
}

std::string health(const std::string& member) {
    return stack().client().get("/health").json().at(member).text();
}

/// Filename and content of what the device has, as admins download it.
std::map<std::string, std::string> contents_of(const FleetDevice& device) {
    std::map<std::string, std::string> contents;
    auto client = stack().client();
    for (const auto id : rows_of(device)) {
        const auto path = device.coredump_path(id);
        contents.emplace(client.get(path).json().at("filename").text(),
                         client.get(path + "/download").body);
    }
    return contents;
}

void expect_drained() {
    expect_spool_empties();
    EXPECT_TRUE(eventually([] { return health("spool") == "empty"; }));
}

TEST(Spool, KeepsWhatComesWhileTheDatabaseIsAway) {
    const auto device = make_device();
    close_database();
    auto client = stack().client();
    const auto response = client.post(upload_target(device.key), "a core dump");
    const auto page = MetricsPage::of(client);
    EXPECT_EQ(response.status, 202) << response;
    EXPECT_EQ(response.json().at("status").text(), "spooled");
    EXPECT_FALSE(response.json().has("coredump_id"));
    EXPECT_EQ(health("spool"), "waiting");
    EXPECT_EQ(health("database"), "unavailable");
    EXPECT_EQ(page.at("coredepot_spool_files"), 1);
    EXPECT_EQ(page.at("coredepot_spool_bytes"), blocks_of(files_below(spool_folder()).at(0)));
    EXPECT_EQ(page.at("coredepot_spool_max_bytes"), kSpoolBytes);
    EXPECT_FALSE(fs::exists(device.folder()));
    open_database();
    expect_drained();
    EXPECT_EQ(contents_of(device), (std::map<std::string, std::string>{
                                       {response.json().at("filename").text(), "a core dump"}}));
}

TEST(Spool, ChecksWhatItCan) {
    const auto device = make_device();
    close_database();
    auto client = stack().client();
    const auto target = "/api/iot/coredump?device_key=" + device.key;
    EXPECT_TRUE(is_error(client.post(target, "x"), 400, "VALIDATION_FAILED",
                         "Missing required query parameter: chip"));
    EXPECT_TRUE(
        is_error(client.post(upload_target(device.key, "ESP32"), "x"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(client.post(upload_target("../../.."), "x"), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(client.post(upload_target(device.key), ""), 400, "VALIDATION_FAILED",
                         "No coredump content provided"));
    EXPECT_TRUE(is_error(client.post(upload_target(device.key), std::string(1'048'577, 'x')), 400,
                         "VALIDATION_FAILED", "Coredump exceeds maximum size of 1MB"));
    EXPECT_TRUE(is_error(client.post("/api/iot/coredump?chip=a&firmware_version=1", "x"), 401,
                         "AUTHENTICATION_REQUIRED"));
    EXPECT_TRUE(file_names_below(spool_folder()).empty());
    open_database();
}

TEST(Spool, IsBounded) {
    const auto device = make_device();
    const std::string largest(1'048'576, 'x');
    close_database();
    auto client = stack().client();
    EXPECT_EQ(client.post(upload_target(device.key), largest).status, 202);
    EXPECT_EQ(client.post(upload_target(device.key), largest).status, 202);
    EXPECT_EQ(health("spool"), "full");
    const auto refused = client.post(upload_target(device.key), largest);
    EXPECT_TRUE(is_error(refused, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_FALSE(refused.header("retry-after").empty());
    EXPECT_EQ(file_names_below(spool_folder()).size(), 2U) << "something half-written was left";
    EXPECT_EQ(client.post(upload_target(device.key), "a small one").status, 202);
    open_database();
    expect_drained();
    EXPECT_EQ(rows_of(device).size(), 3U);
    // Until each process has forgotten the outage, some are spooled.
    EXPECT_TRUE(
        eventually([&] { return client.post(upload_target(device.key), largest).status == 201; }));
    expect_drained();
}

TEST(Spool, ThatCannotBeWrittenRefusesAndLeavesNothing) {
    const auto device = make_device();
    const auto aside = spool_folder().string() + ".aside";
    if (fs::exists(spool_folder())) fs::rename(spool_folder(), aside);
    write_file(spool_folder(), "a file where the folder belongs");
    close_database();
    EXPECT_TRUE(is_error(stack().client().post(upload_target(device.key), "x"), 503,
                         "SERVICE_UNAVAILABLE"));
    open_database();
    fs::remove(spool_folder());
    // Until each process has forgotten the outage, some are spooled.
    std::size_t accepted = 0;
    EXPECT_TRUE(eventually([&] {
        const auto status = stack().client().post(upload_target(device.key), "x").status;
        if (status == 201 || status == 202) ++accepted;
        return status == 201;
    }));
    expect_drained();
    EXPECT_EQ(rows_of(device).size(), accepted);
}

TEST(Spool, QuarantinesWhatNobodyKnows) {
    close_database();
    EXPECT_EQ(stack().client().post(upload_target("nobody00"), "a core dump").status, 202);
    open_database();
    expect_drained();
    EXPECT_EQ(quarantined().size(), 1U);
    EXPECT_EQ(health("quarantine"), "occupied");
    auto client = stack().client();
    EXPECT_EQ(MetricsPage::of(client).at("coredepot_quarantine_files"), 1);
    EXPECT_FALSE(fs::exists(stack().coredumps_dir() / "nobody00"));
    fs::remove_all(stack().coredumps_dir() / ".quarantine");
    EXPECT_EQ(health("quarantine"), "empty");
}

TEST(Spool, OutagesUnderLoadLoseAndDoubleNothing) {
    constexpr std::size_t kDevices = 4;
    // Handlers remember an outage for a moment, and spool hundreds meanwhile.
    constexpr int kRoomy = 1 << 30;
    restart_stack(settings(kRoomy));
    const auto model = make_model();
    std::vector<FleetDevice> devices(kDevices);
    for (auto& device : devices) device = make_device(model);
    std::vector<std::map<std::string, std::string>> accepted(kDevices);
    std::atomic<int> recorded = 0;
    std::atomic<int> spooled = 0;
    std::atomic<bool> done = false;
    in_parallel(kDevices + 1, [&](std::size_t thread) {
        if (thread == kDevices) {
            for (int outage = 1; outage <= 3; ++outage) {
                EXPECT_TRUE(eventually([&] { return recorded >= 40 * outage; }));
                recorded = 40 * outage;
                close_database();
                EXPECT_TRUE(eventually([&] { return spooled >= 40 * outage; }));
                open_database();
            }
            done = true;
            return;
        }
        auto client = stack().client();
        for (int i = 0; !done && !HasFailure(); ++i) {
            const auto bytes = std::to_string(thread) + " dumped " + std::to_string(i);
            const auto response = client.post(upload_target(devices[thread].key), bytes);
            EXPECT_TRUE(response.status == 201 || response.status == 202) << response;
            ++(response.status == 201 ? recorded : spooled);
            const auto name = response.json().at("filename").text();
            EXPECT_TRUE(accepted[thread].emplace(name, bytes).second) << name;
        }
    });
    expect_drained();
    for (std::size_t i = 0; i < kDevices; ++i) {
        const auto rows = rows_of(devices[i]);
        EXPECT_EQ(contents_of(devices[i]), accepted[i]);
        EXPECT_EQ(rows.size(), accepted[i].size());
        EXPECT_EQ(names_in(devices[i].folder()).size(), rows.size());
    }
    EXPECT_TRUE(quarantined().empty());
}

}  // namespace
