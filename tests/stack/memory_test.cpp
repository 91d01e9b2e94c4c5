// What a request needs does not grow with the fleet: the handlers answer with little more memory
// than they have when they begin.

#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "registry.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

/// What answering in pages needs several times over, and a list of all rows below could not do
/// with.
constexpr rlim_t kHeadroom = 24'000'000;
constexpr int kRows = 40'000;

/// Bytes of address space that a process has.
rlim_t address_space(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    rlim_t pages = 0;
    file >> pages;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

/// From here on the processes of this handler get no more than kHeadroom beyond what they have.
void confine(const std::string& handler) {
    int found = 0;
    for (const auto& [pid, name] : stack().handlers()) {
        if (name != handler) continue;
        const auto most = address_space(pid) + kHeadroom;
        const rlimit limit{most, most};
        ASSERT_EQ(::prlimit(pid, RLIMIT_AS, &limit, nullptr), 0) << pid;
        ++found;
    }
    ASSERT_GT(found, 0);
}

std::string count_of_coredumps(const FleetDevice& device) {
    return stack().sql_value("SELECT count(*) FROM coredumps WHERE device_id = " +
                             std::to_string(device.id));
}

TEST(Memory, OfListsAndDeletionsIsBounded) {
    const auto device = make_device();
    stack().sql(
        "INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at) "
        "SELECT " +
        std::to_string(device.id) +
        ", 'coredump_20260211T143000_' || lpad(i::text, 6, '0') || 'Z.dmp', 'esp32', '1', 1, "
        "timestamptz '2026-02-11 14:30:00+00' + i * interval '1 microsecond' "
        "FROM generate_series(1, " +
        std::to_string(kRows) + ") i");
    stack().sql("INSERT INTO devices (key, device_model_id) SELECT lpad(i::text, 8, '0'), " +
                std::to_string(device.model.id) + " FROM generate_series(1, " +
                std::to_string(kRows) + ") i");
    ASSERT_EQ(get(device.coredumps_path() + "?limit=1").status, 200);
    ASSERT_EQ(get(std::string(kDevices) + "?limit=1").status, 200);
    for (const auto* handler : {"list", "registry", "delete"}) confine(handler);

    const auto coredumps = get(device.coredumps_path());
    ASSERT_EQ(coredumps.status, 200);
    EXPECT_EQ(coredumps.json().at("count").integer(), 1000);
    const auto devices = get(kDevices);
    ASSERT_EQ(devices.status, 200);
    EXPECT_EQ(devices.json().at("count").integer(), 1000);
    EXPECT_EQ(del(device.coredumps_path()).status, 204);
    EXPECT_EQ(count_of_coredumps(device), "0");
}

}  // namespace
