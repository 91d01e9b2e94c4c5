// The database is away for half a minute while devices go on crashing: all that they send is
// accepted, and becomes rows when it is back.

#include <atomic>
#include <chrono>
#include <csignal>

#include <gtest/gtest.h>

#include "fault/form.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;

const bool kStack = use_stack([] {
    return Settings{
        {"MAX_COREDUMPS", "1000000"}, {"UPLOAD_RATE_PER_MINUTE", "0"}, {"PARSE_SIDECAR_URL", ""}};
});

/// As a stopped server looks: nobody listens, and who was connected no longer is.
class Outage {
  public:
    Outage() {
        fs::rename(socket_, aside_);
        for (const auto& [pid, program] : stack().processes()) {
            if (is_session(pid, program)) ::kill(pid, SIGTERM);
        }
    }
    ~Outage() { fs::rename(aside_, socket_); }
    Outage(const Outage&) = delete;
    Outage& operator=(const Outage&) = delete;

  private:
    /// PostgreSQL names each process by what it does: `postgres: ROLE coredepot [local] idle`.
    static bool is_session(int pid, const fs::path& program) {
        return program.filename() == "postgres" &&
               read_bytes("/proc/" + std::to_string(pid) + "/cmdline").find(" coredepot [local]") !=
                   std::string::npos;
    }

    fs::path socket_ = stack().state() / "run/postgres/.s.PGSQL.5432";
    fs::path aside_ = socket_.string() + ".aside";
};

TEST(Outage, CostsNoCoreDump) {
    const auto device = make_device();
    Ledger ledger;
    std::atomic<bool> done = false;
    in_parallel(5, [&](std::size_t thread) {
        if (thread < 4) {
            while (!done) ledger.upload(stack().url(), device);
            return;
        }
        eventually([&] { return ledger.tally().stored >= 20; });
        {
            const Outage outage;
            const auto end = steady_clock::now() + seconds(times(3, 30));
            eventually([&] { return steady_clock::now() >= end && ledger.tally().spooled >= 20; });
        }
        const auto stored = ledger.tally().stored;
        eventually([&] { return ledger.tally().stored >= stored + 20; });
        done = true;
    });
    std::cout << ledger.tally() << '\n';
    EXPECT_GE(ledger.tally().spooled, 20U);
    EXPECT_EQ(ledger.tally().refused, 0U);
    EXPECT_EQ(ledger.tally().unanswered, 0U);
    EXPECT_TRUE(eventually(
        [] { return stack().client().get("/health").json().at("spool").text() == "empty"; },
        seconds(300)));
    EXPECT_TRUE(ledger.is_kept(stack().coredumps_dir()));
}

}  // namespace
