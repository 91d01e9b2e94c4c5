// What the stack does while the database is away, and afterwards.

#include <algorithm>
#include <atomic>
#include <csignal>

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/parallel.hpp"
#include "support/processes.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] {
    return Settings{{"PARSE_RETRY_SECONDS", "1,1"},
                    {"MAX_COREDUMPS", "100000"},
                    {"UPLOAD_RATE_PER_MINUTE", "0"}};
});

int postmaster() {
    return std::stoi(read_bytes(stack().state() / "postgres/postmaster.pid"));
}

fs::path database_socket() {
    return stack().state() / "run/postgres/.s.PGSQL.5432";
}

bool is_unavailable(const HttpResponse& response) {
    return is_error(response, 503, "SERVICE_UNAVAILABLE");
}

bool is_spooled(const HttpResponse& response) {
    return response.status == 202 && response.json().at("status").text() == "spooled";
}

class Database : public testing::Test {
  protected:
    void SetUp() override {
        device_ = make_device();
        upload_firmware(device_.model, zip(bundle_entries(device_.model.code, "1.0.0")));
        coredump_ = upload(device_);
    }
    void TearDown() override { expect_recovery(); }

    const FleetDevice& device() const { return device_; }

    /// One request to each handler and each kind of statement, but for uploads: those are taken.
    std::vector<HttpRequest> requests() const {
        const auto key = "?device_key=" + device_.key;
        const auto coredump = device_.coredump_path(coredump_.id);
        return {{"GET", "/api/iot/firmware" + key, {}, {}},
                {"GET", "/api/iot/firmware-version" + key, {}, {}},
                {"GET", device_.coredumps_path(), {}, {}},
                {"GET", coredump, {}, {}},
                {"GET", coredump + "/download", {}, {}},
                {"DELETE", coredump, {}, {}},
                {"DELETE", device_.coredumps_path(), {}, {}},
                {"GET", "/api/device-models", {}, {}},
                {"POST", "/api/device-models", R"({"code": "never", "name": "x"})", {}},
                {"GET", "/api/devices", {}, {}},
                {"PUT", device_.path(), R"({"device_name": "never"})", {}},
                {"DELETE", device_.path(), {}, {}},
                {"DELETE", device_.model.path(), {}, {}},
                {"POST",
                 device_.model.firmware_path(),
                 zip(bundle_entries(device_.model.code, "2.0.0")),
                 {}},
                {"GET", device_.model.firmware_path() + "-version", {}, {}}};
    }

    void expect_unavailable() const {
        auto client = stack().client();
        for (const auto& request : requests()) {
            EXPECT_TRUE(is_unavailable(client.send(request)))
                << request.method << ' ' << request.target;
        }
        EXPECT_TRUE(is_spooled(client.post(upload_target(device_.key), "a core dump")));
        const auto health = client.get("/health");
        EXPECT_EQ(health.status, 503);
        EXPECT_EQ(health.json().at("status").text(), "unavailable");
        EXPECT_EQ(health.json().at("database").text(), "unavailable");
    }

    static void expect_empty_spool() {
        expect_spool_empties();
        EXPECT_TRUE(names_in(stack().coredumps_dir() / ".quarantine").empty());
    }

    /// All is as it was before, and everything works.
    void expect_recovery() const {
        auto client = stack().client();
        EXPECT_TRUE(eventually([&] { return client.get("/health").status == 200; }));
        EXPECT_EQ(client.get(device_.coredumps_path()).status, 200);
        EXPECT_EQ(client.get(device_.coredump_path(coredump_.id) + "/download").body,
                  "a core dump");
        EXPECT_TRUE(client.get(device_.path()).json().at("device_name").is_null());
        EXPECT_EQ(client.get(device_.model.path()).json().at("firmware_version").text(), "1.0.0");
        EXPECT_EQ(names_in(stack().assets_dir() / device_.model.code),
                  std::vector<std::string>{"firmware-1.0.0.zip"});
        expect_empty_spool();
        EXPECT_EQ(names_in(device_.folder()).size(), rows_of(device_).size());
        // Each process has a connection to mend, and may remember an outage for a while.
        int in_a_row = 0;
        EXPECT_TRUE(eventually([&] {
            const auto response = client.post(upload_target(device_.key), "a core dump");
            in_a_row = is_spooled(response) ? 0 : in_a_row + 1;
            return in_a_row == 20;
        }));
        expect_empty_spool();
    }

  private:
    FleetDevice device_{};
    FleetCoredump coredump_{};
};

TEST_F(Database, ThatRefusesConnections) {
    close_database();
    expect_unavailable();
    EXPECT_EQ(names_in(device().folder()).size(), 1U) << "it has no row yet";
    open_database();
}

TEST_F(Database, ThatIsNotThere) {
    const auto aside = database_socket().string() + ".aside";
    end_connections();
    fs::rename(database_socket(), aside);
    expect_unavailable();
    fs::rename(aside, database_socket());
}

TEST_F(Database, ThatDropsConnectionsAgainAndAgain) {
    // Whoever finds its connection gone asks again on another one, so nobody need notice.
    auto client = stack().client();
    for (int i = 0; i < 10; ++i) {
        end_connections();
        EXPECT_EQ(client.get(device().coredumps_path()).status, 200);
        EXPECT_EQ(client.get(device().path()).status, 200);
        EXPECT_EQ(client.post(upload_target(device().key), "a core dump").status, 201);
    }
}

TEST_F(Database, ThatDoesNotAccept) {
    end_connections();
    ASSERT_EQ(::kill(postmaster(), SIGSTOP), 0);
    EXPECT_TRUE(is_unavailable(stack().client().get(device().coredumps_path())));
    EXPECT_TRUE(is_spooled(stack().client().post(upload_target(device().key), "x")));
    EXPECT_EQ(stack().client().get("/health").status, 503);
    ASSERT_EQ(::kill(postmaster(), SIGCONT), 0);
}

TEST_F(Database, ThatStandsStill) {
    const auto server = postmaster();
    auto processes = descendants(server);
    ASSERT_FALSE(processes.empty());
    processes.emplace(server, "");
    for (const auto& [pid, program] : processes) ::kill(pid, SIGSTOP);
    const auto response = stack().client().get(device().coredumps_path());
    auto client = stack().client();
    const auto health = client.get("/health");
    const auto metrics = MetricsPage::of(client);
    for (const auto& [pid, program] : processes) ::kill(pid, SIGCONT);
    EXPECT_TRUE(is_unavailable(response));
    EXPECT_EQ(health.status, 503);
    EXPECT_EQ(health.json().at("database").text(), "unavailable") << "nginx was faster";
    EXPECT_EQ(metrics.at("coredepot_database_up"), 0);
}

TEST_F(Database, ThatCrashesLosesNothingThatWasAccepted) {
    const auto crashing = make_device();
    std::atomic<bool> done = false;
    std::vector<std::vector<std::string>> accepted(4);
    in_parallel(5, [&](std::size_t thread) {
        if (thread == 4) {
            for (int crash = 0; crash < 3; ++crash) {
                // The server ends all its processes and recovers when one is killed.
                std::optional<int> backend;
                EXPECT_TRUE(eventually([&] {
                    try {
                        backend = std::stoi(
                            stack()
                                .sql_as_superuser(
                                    "SELECT pid FROM pg_stat_activity WHERE application_name = "
                                    "'coredepot-upload' LIMIT 1")
                                .at(0)
                                .at(0));
                    } catch (const std::exception&) {
                        return false;  // still recovering from the last one
                    }
                    return true;
                }));
                if (!backend) return;
                const auto before = descendants(postmaster());
                ::kill(*backend, SIGKILL);
                // Until the server has noticed, it goes on answering.
                EXPECT_TRUE(eventually([&] {
                    const auto now = descendants(postmaster());
                    return std::ranges::none_of(
                        before, [&](const auto& process) { return now.contains(process.first); });
                }));
            }
            EXPECT_TRUE(eventually([] { return stack().client().get("/health").status == 200; }));
            done = true;
            return;
        }
        auto client = stack().client();
        while (!done && !HasFailure()) {
            const auto response = client.post(upload_target(crashing.key), "a core dump");
            EXPECT_TRUE(response.status == 201 || is_spooled(response)) << response;
            accepted[thread].push_back(response.json().at("filename").text());
        }
    });
    expect_empty_spool();
    std::vector<std::string> rows;
    for (const auto& row : stack().sql("SELECT filename FROM coredumps WHERE device_id = " +
                                       std::to_string(crashing.id) + " ORDER BY filename")) {
        rows.push_back(row.at(0));
    }
    std::vector<std::string> all;
    for (const auto& some : accepted) all.insert(all.end(), some.begin(), some.end());
    std::ranges::sort(all);
    EXPECT_EQ(rows, all) << "each once, and nothing else";
    EXPECT_EQ(names_in(crashing.folder()), all);
}

TEST_F(Database, ThatWasAwayWhileADumpWaited) {
    close_database();
    open_database();
    const auto coredump = upload(device(), "no core dump", "esp32c3", "1.0.0");
    close_database();
    EXPECT_EQ(stack().client().get("/health").status, 503);
    open_database();
    EXPECT_TRUE(eventually([&] {
        return stack()
                   .client()
                   .get(device().coredump_path(coredump.id))
                   .json()
                   .at("parse_status")
                   .text() == "ERROR";
    }));
}

}  // namespace
