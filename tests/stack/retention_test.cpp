// MAX_COREDUMPS: what stays of a device's core dumps and what goes.

#include <algorithm>

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

Settings keep(int coredumps) {
    return {{"MAX_COREDUMPS", std::to_string(coredumps)}, {"PARSE_SIDECAR_URL", ""}};
}

const bool kStack = use_stack([] { return keep(5); });

std::vector<FleetCoredump> upload_many(const FleetDevice& device, int count) {
    std::vector<FleetCoredump> coredumps;
    coredumps.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        coredumps.push_back(upload(device, "dump " + std::to_string(i)));
    return coredumps;
}

std::vector<std::string> filenames_of_rows(const FleetDevice& device) {
    std::vector<std::string> names;
    for (const auto& row : stack().sql("SELECT filename FROM coredumps WHERE device_id = " +
                                       std::to_string(device.id) + " ORDER BY filename")) {
        names.push_back(row.at(0));
    }
    return names;
}

/// Exactly the last `count` of `coredumps` are there, as rows, as files and as admins see it.
void expect_newest(const FleetDevice& device, const std::vector<FleetCoredump>& coredumps,
                   std::size_t count) {
    std::vector<std::string> names;
    std::vector<std::int64_t> ids;
    for (auto kept = coredumps.end() - static_cast<std::ptrdiff_t>(count); kept != coredumps.end();
         ++kept) {
        names.push_back(kept->filename);
        ids.insert(ids.begin(), kept->id);
    }
    EXPECT_EQ(filenames_of_rows(device), names);
    EXPECT_EQ(names_in(device.folder()), names);
    EXPECT_EQ(rows_of(device), ids);
    const auto list = stack().client().get(device.coredumps_path()).json();
    ASSERT_EQ(list.at("count").integer(), static_cast<std::int64_t>(count));
    EXPECT_EQ(list.at("coredumps").at(0).at("id").integer(), ids.front());
}

TEST(Retention, WithinTheLimitNothingGoes) {
    const auto device = make_device();
    expect_newest(device, upload_many(device, 4), 4);
}

TEST(Retention, AtTheLimitNothingGoes) {
    const auto device = make_device();
    expect_newest(device, upload_many(device, 5), 5);
}

TEST(Retention, BeyondTheLimitTheOldestRowsAndFilesGo) {
    const auto device = make_device();
    auto coredumps = upload_many(device, 6);
    expect_newest(device, coredumps, 5);
    for (const auto& next : upload_many(device, 7)) coredumps.push_back(next);
    expect_newest(device, coredumps, 5);
}

TEST(Retention, OtherDevicesAreUntouched) {
    const auto model = make_model();
    const auto other = make_device(model);
    const auto theirs = upload_many(other, 5);
    const auto device = make_device(model);
    expect_newest(device, upload_many(device, 8), 5);
    expect_newest(other, theirs, 5);
}

TEST(Retention, FileThatIsMissingAlreadyIsNoError) {
    const auto device = make_device();
    auto coredumps = upload_many(device, 5);
    fs::remove(device.folder() / coredumps.at(0).filename);
    fs::remove(device.folder() / coredumps.at(1).filename);
    for (const auto& next : upload_many(device, 2)) coredumps.push_back(next);
    expect_newest(device, coredumps, 5);
}

TEST(Retention, FileThatCannotBeRemovedIsNoError) {
    const auto device = make_device();
    auto coredumps = upload_many(device, 5);
    const auto stuck = device.folder() / coredumps.at(0).filename;
    fs::remove(stuck);
    fs::create_directories(stuck / "not empty");
    coredumps.push_back(upload(device));
    EXPECT_EQ(rows_of(device).size(), 5U);
    EXPECT_TRUE(fs::exists(device.folder() / coredumps.back().filename));
    fs::remove_all(stuck);
    expect_newest(device, coredumps, 5);
}

TEST(Retention, IsExactUnderParallelUploads) {
    constexpr std::size_t kConnections = 16;
    constexpr std::size_t kUploads = 200;
    const auto device = make_device();
    std::vector<std::vector<std::int64_t>> ids(kConnections);
    in_parallel(kConnections, [&](std::size_t connection) {
        auto client = stack().client();
        for (auto upload = connection; upload < kUploads; upload += kConnections) {
            const auto response = client.post(upload_target(device.key), std::to_string(upload));
            EXPECT_EQ(response.status, 201) << response;
            if (response.status != 201) continue;
            ids[connection].push_back(response.json().at("coredump_id").integer());
        }
    });

    std::set<std::int64_t> all;
    for (const auto& some : ids) all.insert(some.begin(), some.end());
    EXPECT_EQ(all.size(), kUploads);
    const auto names = filenames_of_rows(device);
    EXPECT_EQ(names.size(), 5U);
    EXPECT_EQ(names_in(device.folder()), names);
    // The dump that was recorded last can have been evicted by nobody.
    const auto rows = rows_of(device);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows.front(), *all.rbegin());
    for (const auto id : rows) {
        EXPECT_EQ(stack().client().get(device.coredump_path(id) + "/download").status, 200);
    }
}

TEST(Retention, ParallelUploadsOfManyDevicesDoNotWaitForEachOther) {
    constexpr std::size_t kDevices = 8;
    const auto model = make_model();
    std::vector<FleetDevice> devices(kDevices);
    for (auto& device : devices) device = make_device(model);
    in_parallel(kDevices, [&](std::size_t first) {
        auto client = stack().client();
        for (std::size_t upload = 0; upload < 12; ++upload) {
            const auto& device = devices[(first + upload) % kDevices];
            EXPECT_EQ(client.post(upload_target(device.key), "dump").status, 201);
        }
    });
    for (const auto& device : devices) {
        EXPECT_EQ(rows_of(device).size(), 5U);
        EXPECT_EQ(names_in(device.folder()), filenames_of_rows(device));
    }
}

// Last: it starts the stack again.
TEST(RetentionLimit, LoweredTakesEffectAtTheNextUpload) {
    const auto device = make_device();
    const auto other = make_device();
    auto coredumps = upload_many(device, 5);
    const auto theirs = upload_many(other, 5);
    restart_stack(keep(2));
    expect_newest(device, coredumps, 5);
    coredumps.push_back(upload(device));
    expect_newest(device, coredumps, 2);
    expect_newest(other, theirs, 5);

    restart_stack(keep(1));
    coredumps.push_back(upload(device));
    expect_newest(device, coredumps, 1);

    restart_stack(keep(3));
    coredumps.push_back(upload(device));
    expect_newest(device, coredumps, 2);
}

}  // namespace
