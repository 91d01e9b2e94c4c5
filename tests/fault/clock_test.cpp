// The machine's clock is set back, and forward again, while uploads come in.

#include <fstream>

#include <gtest/gtest.h>

#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

constexpr int kKept = 5;
/// The loader knows what $LIB is on this machine.
constexpr const char* kFaketime = "/usr/$LIB/faketime/libfaketime.so.1";

const TemporaryFolder& clock_folder() {
    static const TemporaryFolder folder;
    return folder;
}

/// For all processes of the stack, PostgreSQL and nginx too, as when ntpd steps the clock.
void set_clock(const std::string& offset) {
    const auto file = clock_folder() / "offset";
    std::ofstream(file.string() + ".new") << offset << '\n';
    std::filesystem::rename(file.string() + ".new", file);
}

const bool kStack = use_stack([] {
    set_clock("+0");
    ::setenv("LD_PRELOAD", kFaketime, 1);
    ::setenv("FAKETIME_TIMESTAMP_FILE", (clock_folder() / "offset").c_str(), 1);
    ::setenv("FAKETIME_NO_CACHE", "1", 1);
    ::setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
    return Settings{{"MAX_COREDUMPS", std::to_string(kKept)}, {"PARSE_RETRY_SECONDS", "0,0"}};
});

std::string uploaded_at(std::int64_t id) {
    return stack().sql_value("SELECT uploaded_at FROM coredumps WHERE id = " + std::to_string(id));
}

TEST(Clock, SetBackCostsNoDumpThatIsAccepted) {
    const auto device = make_device();
    std::vector<FleetCoredump> before;
    for (int i = 0; i < kKept; ++i) before.push_back(upload(device));
    set_clock("-3600");
    for (int i = 0; i < kKept; ++i) {
        const auto later = upload(device);
        EXPECT_LT(uploaded_at(later.id), uploaded_at(before.back().id))
            << "the clock was not set back";
        // It looks older than all the others; what was just accepted goes last all the same.
        EXPECT_EQ(rows_of(device).front(), later.id);
        EXPECT_EQ(rows_of(device).size(), std::size_t{kKept});
        EXPECT_TRUE(std::filesystem::exists(device.folder() / later.filename));
    }
    set_clock("+0");
    upload(device);
    EXPECT_EQ(rows_of(device).size(), std::size_t{kKept});
}

TEST(Clock, SetBackDuringUploadsLeavesEachWithItsFile) {
    const auto device = make_device();
    in_parallel(4, [&](std::size_t thread) {
        for (int i = 0; i < 20; ++i) {
            if (thread == 0 && i % 5 == 0) set_clock("-" + std::to_string(i * 60));
            upload(device);
        }
    });
    set_clock("+0");
    EXPECT_EQ(rows_of(device).size(), std::size_t{kKept});
    for (const auto& row : stack().sql("SELECT filename FROM coredumps WHERE device_id = " +
                                       std::to_string(device.id))) {
        EXPECT_TRUE(std::filesystem::exists(device.folder() / row.at(0))) << row.at(0);
    }
}

// What is due an hour ago is due; what falls due in an hour because the clock was set back in
// between must not keep the queue waiting for ever.
TEST(Clock, SetBackDoesNotStopTheQueue) {
    const auto device = make_device();
    const auto parsed = [&](const FleetCoredump& coredump) {
        return eventually([&] {
            return stack().sql_value("SELECT parse_status FROM coredumps WHERE id = " +
                                     std::to_string(coredump.id)) != "PENDING";
        });
    };
    EXPECT_TRUE(parsed(upload(device)));
    set_clock("-7200");
    EXPECT_TRUE(parsed(upload(device)));
    set_clock("+0");
    EXPECT_TRUE(parsed(upload(device)));
}

}  // namespace
