// kill -9 of anything at any moment, under load: what was accepted is there, and once.

#include <atomic>
#include <csignal>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "fault/form.hpp"
#include "support/firmware.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/processes.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const Settings kSettings = {{"MAX_COREDUMPS", "1000000"},
                            {"UPLOAD_RATE_PER_MINUTE", "0"},
                            {"PARSE_RETRY_SECONDS", "0,0"},
                            {"HANDLER_RETRIES", "1000000"}};
const bool kStack = use_stack([] { return kSettings; });

/// Uploads as long as it lives, while processes are killed.
class Kills : public testing::Test {
  protected:
    static constexpr std::size_t kUploaders = 4;

    void upload_until_done(const FleetDevice& device) {
        while (!done_) {
            ledger_.upload(stack().url(), device);
        }
    }

    /// So that the next kill finds others at work.
    void wait_for_uploads(std::size_t count) {
        const auto until = ledger_.tally().accepted() + count;
        EXPECT_TRUE(eventually([&] { return done_ || ledger_.tally().accepted() >= until; }));
    }

    /// One of the stack's processes; empty: at this moment there is none of them.
    std::optional<int> choose(const std::string& program) {
        std::vector<int> processes;
        for (const auto& [pid, path] : stack().processes()) {
            if (path.filename() == program && !is_mainstay(pid)) processes.push_back(pid);
        }
        if (processes.empty()) return std::nullopt;
        std::uniform_int_distribution<std::size_t> any(0, processes.size() - 1);
        return processes[any(random_)];
    }

    void kill_one(const std::string& program) {
        // The runner comes and goes; whoever is not there now soon is.
        eventually([&] {
            const auto pid = choose(program);
            return pid && ::kill(*pid, SIGKILL) == 0;
        });
    }

    /// Without which this stack ends, which has no systemd as tests/system has: nginx's master,
    /// PostgreSQL's postmaster, and the process by which PostgreSQL recovers from the kill before;
    /// when that is killed, the postmaster gives up by design. Who was just forked still has his
    /// parent's title.
    static bool is_mainstay(int pid) {
        const auto title = process_title(pid);
        return title.starts_with("nginx: master") || title.ends_with("/postgres") ||
               title.starts_with("postgres: startup");
    }

    static bool is_healthy() {
        try {
            return HttpClient::of_others(stack().url()).get("/health").status == 200;
        } catch (const std::exception&) {
            return false;
        }
    }

    /// What was spooled is in the table, and all of that is parsed.
    static bool is_at_rest() {
        return stack().client().get("/health").json().at("spool").text() == "empty" &&
               stack().sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'") ==
                   "0";
    }

    std::mt19937 random_{std::random_device{}()};
    std::atomic<bool> done_ = false;
    Ledger ledger_;
};

TEST_F(Kills, LoseNothingAndDoubleNothing) {
    const auto device = make_device();
    upload_firmware(device.model, zip(bundle_entries(device.model.code, "1.0.0")));
    // By weight: what is there in larger numbers, or matters more, more often.
    const std::vector<std::string> victims = {
        "upload",   "upload", "parse_runner", "parse_runner", "parse_sidecar", "upload",
        "firmware", "status", "postgres",     "upload",       "parse_runner",  "nginx"};
    const int kills = times(36, 240);
    in_parallel(kUploaders + 1, [&](std::size_t thread) {
        if (thread < kUploaders) return upload_until_done(device);
        for (int i = 0; i < kills; ++i) {
            wait_for_uploads(5);
            kill_one(victims[static_cast<std::size_t>(i) % victims.size()]);
        }
        done_ = true;
    });
    std::cout << kills << " kills, " << ledger_.tally() << '\n';
    EXPECT_GE(ledger_.tally().accepted(), static_cast<std::size_t>(kills) * 5);
    EXPECT_TRUE(eventually([] { return stack().has_all_handlers() && is_healthy(); }));
    EXPECT_TRUE(eventually([] { return is_at_rest(); }, std::chrono::seconds(300)));
    EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
    accept_new_handlers();
}

}  // namespace
