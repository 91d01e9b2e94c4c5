// The machine's clock is set back, and forward again, while uploads come in.

#include <fstream>

#include <gtest/gtest.h>

#include "support/ledger.hpp"
#include "support/metrics_page.hpp"
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
    const auto last = uploaded_at(before.back().id);
    set_clock("-3600");
    for (int i = 0; i < kKept; ++i) {
        const auto later = upload(device);
        EXPECT_LT(uploaded_at(later.id), last) << "the clock was not set back";
        // It looks older than all the others; what was just accepted goes last all the same.
        EXPECT_EQ(rows_of(device).front(), later.id);
        EXPECT_EQ(rows_of(device).size(), std::size_t{kKept});
        EXPECT_TRUE(std::filesystem::exists(device.folder() / later.filename));
    }
    EXPECT_GT(rows_of(device).back(), before.back().id) << "they pushed one another out";
    set_clock("+0");
    upload(device);
    EXPECT_EQ(rows_of(device).size(), std::size_t{kKept});
}

TEST(Clock, AheadCostsNoDumpThatComesAfterIt) {
    const auto device = make_device();
    set_clock("+86400");
    std::vector<std::int64_t> tomorrows;
    for (int i = 0; i < kKept; ++i) tomorrows.push_back(upload(device).id);
    const auto tomorrow = uploaded_at(tomorrows.back());
    set_clock("+0");
    std::vector<std::int64_t> todays;
    for (int i = 0; i < kKept; ++i) {
        const auto later = upload(device);
        EXPECT_LT(uploaded_at(later.id), tomorrow) << "the clock was not ahead";
        todays.insert(todays.begin(), later.id);
        // Newest first: all of today's, and those of tomorrow that came last.
        auto expected = todays;
        expected.insert(expected.end(), tomorrows.rbegin(), tomorrows.rend() - i - 1);
        EXPECT_EQ(rows_of(device), expected);
    }
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

// What a clock that is ahead by a day says to be due is due tomorrow.
TEST(Clock, AheadDoesNotStopTheQueue) {
    const auto device = make_device();
    // No runner has it before the clock is right again.
    stack().sql(
        "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "new.next_attempt_at := now() + interval '25 s'; RETURN new; END $$");
    stack().sql(
        "CREATE TRIGGER later BEFORE INSERT ON coredumps FOR EACH ROW EXECUTE FUNCTION later()");
    set_clock("+86400");
    const auto coredump = upload(device);
    const auto column = [&](const std::string& name) {
        return stack().sql_value("SELECT " + name +
                                 " FROM coredumps WHERE id = " + std::to_string(coredump.id));
    };
    EXPECT_EQ(column("parse_status"), "PENDING");
    set_clock("+0");
    stack().sql("DROP TRIGGER later ON coredumps");
    stack().sql("DROP FUNCTION later()");
    EXPECT_TRUE(eventually([&] { return column("parse_status") != "PENDING"; }));
    auto client = stack().client();
    stack().sql_value("UPDATE coredump_statistics SET took = '0' RETURNING took");
    EXPECT_TRUE(eventually([&] {
        return stack().sql_value("SELECT count_coredumps()") == "t" &&
               MetricsPage::of(client).at("coredepot_coredumps_ahead") >= 1;
    })) << "the metrics tell of it";
}

}  // namespace
