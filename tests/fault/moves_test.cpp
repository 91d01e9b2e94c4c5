// Firmware and core dumps go from the folder into the bucket and back, while devices and pipelines
// go on and the mover is killed again and again: what was acknowledged is there, whole and once.

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "fault/form.hpp"
#include "sha256.hpp"
#include "support/command.hpp"
#include "support/firmware.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/s3_server.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

S3Server& store() {
    static S3Server server;
    return server;
}

Settings settings() {
    auto all = store().settings();
    // A busy machine is no store that is away.
    all["S3_TIMEOUT_SECONDS"] = "60";
    all.insert({{"MAX_COREDUMPS", "1000000"}, {"UPLOAD_RATE_PER_MINUTE", "0"}});
    return all;
}

const bool kStack = use_stack(settings);

CommandResult run(std::vector<std::string> command) {
    std::vector<std::string> environment{
        "DATABASE_URL=postgresql://coredepot_writer@/coredepot?port=5432&host=" +
            (stack().state() / "run/postgres").string(),
        "COREDUMPS_DIR=" + stack().coredumps_dir().string(),
        "ASSETS_DIR=" + stack().assets_dir().string(),
        "STATE_DIR=" + (stack().state() / "machine").string(), "OIDC_ENABLED=false"};
    for (const auto& [name, value] : settings()) environment.push_back(name + '=' + value);
    return run_command(command, environment);
}

CommandResult fsck() {
    return run({"/bin/sh", "-c",
                COREDEPOT_BUILD_DIR
                "/handlers/coredepot-fsck --repair --age 0 --settle 0 2>/dev/null"});
}

constexpr const char* kMover = COREDEPOT_BUILD_DIR "/handlers/coredepot-migrate-objects";
constexpr const char* kToBucket = "--to-bucket";
constexpr const char* kToFolder = "--to-folder";

/// Firmware that was acknowledged.
struct Build {
    std::string model;
    std::string version;
    std::string elf_sha256;
    std::string zip;
};

class Moves : public testing::Test {
  protected:
    void move_and_kill() {
        std::uniform_int_distribution<int> hundredths(5, 100);
        const int kills = times(18, 240);
        for (round_ = 0; round_ < kills; ++round_) {
            // Some times in a row, so that there is always something that lies half-way. Now and
            // then it has time to wait, and dies with originals that are still to be removed.
            const auto* direction = round_ / 3 % 2 == 0 ? kToBucket : kToFolder;
            const int grace = round_ % 3 == 1 ? 1 : 0;
            const auto moment = std::to_string(hundredths(random_) / 100.0 + grace);
            const auto ended = run({"/usr/bin/timeout", "--signal=KILL", moment, kMover, direction,
                                    "--grace", std::to_string(grace)});
            killed_ += ended.status == 137 ? 1 : 0;
            EXPECT_LE(ended.status, 137) << ended.output;
        }
    }
    /// So much that the last moves come to an end.
    void upload_dumps() {
        constexpr int kOfARound = 10;
        while (!done_) {
            const int round = round_;
            for (int i = 0; i < kOfARound; ++i) ledger_.upload(stack().url(), devices_[0]);
            eventually([&] { return done_ || round_ > round; });
        }
    }
    void upload_builds() {
        // No more than are kept for their ELFs (KEEP_ELFS).
        while (!done_ && builds_.size() < 36) {
            const int round = round_;
            const auto& model = devices_[static_cast<std::size_t>(round) % devices_.size()].model;
            const auto version = "1." + std::to_string(round % 3);
            const auto elf = "elf of round " + std::to_string(round);
            const auto entries = bundle_entries(model.code, version, elf);
            const auto bytes = zip(entries);
            {
                const std::scoped_lock lock(mutex_);
                images_[model.code].insert(entries[0].second);
            }
            const auto answer =
                HttpClient::of_others(stack().url()).post(model.firmware_path(), bytes);
            EXPECT_EQ(answer.status, 200) << answer.body;
            if (answer.status == 200)
                builds_.push_back({model.code, version, sha256_hex(elf), bytes});
            eventually([&] { return done_ || round_ > round; });
        }
    }
    /// Whoever is told that it is away asks again; nobody gets other bytes.
    void download() {
        auto client = HttpClient::of_others(stack().url());
        std::size_t next = 0;
        while (!done_) {
            const auto& device = devices_[next++ % devices_.size()];
            const auto image = client.get("/api/iot/firmware?device_key=" + device.key);
            if (image.status == 200) {
                const std::scoped_lock lock(mutex_);
                EXPECT_TRUE(images_[device.model.code].contains(image.body));
                ++downloads_;
            }
            const auto rows = rows_of(devices_[0]);
            if (rows.empty()) continue;
            const auto dump =
                client.get(devices_[0].coredump_path(rows[next % rows.size()]) + "/download");
            if (dump.status != 200) continue;
            EXPECT_TRUE(Ledger::is_whole(dump.body));
            ++downloads_;
        }
    }
    void go_on_meanwhile() {
        in_parallel(5, [&](std::size_t thread) {
            switch (thread) {
                case 0:
                    move_and_kill();
                    done_ = true;
                    break;
                case 1:
                case 2:
                    upload_dumps();
                    break;
                case 3:
                    upload_builds();
                    break;
                default:
                    download();
            }
        });
    }
    /// To the end; what a runner has in its hands at first comes later.
    static void move(const char* direction) {
        CommandResult last{};
        EXPECT_TRUE(eventually([&] {
            last = run({kMover, direction, "--grace", "0"});
            return last.status == 0;
        })) << last.output;
        const auto left = fsck().output;
        std::cout << "fsck mended " << std::ranges::count(left, '\n') << '\n';
        const auto again = fsck();
        EXPECT_EQ(again.status, 0) << again.output;
    }
    static Names column(const std::string& query) {
        Names values;
        for (const auto& row : stack().sql(query)) values.insert(row.at(0));
        return values;
    }
    /// Of core dumps and firmware.
    static std::size_t files() {
        std::size_t count = 0;
        for (const auto& root : {stack().coredumps_dir(), stack().assets_dir()}) {
            for (const auto& path : files_below(root)) {
                const auto ending = path.extension();
                const bool is_cached = path.string().find("/.images/") != std::string::npos;
                if (!is_cached && (ending == ".dmp" || ending == ".zip" || ending == ".bin"))
                    ++count;
            }
        }
        return count;
    }
    void expect_all_in_bucket() {
        const auto objects = store().objects();
        Names named = column("SELECT object FROM coredumps");
        named.merge(
            column("SELECT unnest(ARRAY[bundle_object, image_object]) FROM firmware_versions "
                   "UNION SELECT bundle_object FROM kept_elves"));
        Names there;
        for (const auto& [key, hash] : objects) there.insert(key);
        EXPECT_EQ(there, named);
        EXPECT_EQ(files(), 0U);
        const auto accepted = ledger_.accepted();
        const auto rows = stack().sql(
            "SELECT key || '/' || filename, object FROM coredumps c "
            "JOIN devices d ON d.id = c.device_id");
        EXPECT_EQ(rows.size(), accepted.size());
        for (const auto& row : rows) {
            EXPECT_EQ(objects.at(row[1]), sha256_hex(Ledger::bytes_of(accepted.at(row[0]))));
        }
        for (const auto& build : builds_) {
            const auto key = "bundles/" + build.model + '/' + sha256_hex(build.zip) + ".zip";
            EXPECT_TRUE(named.contains(key)) << build.version << ' ' << build.elf_sha256;
            EXPECT_EQ(objects.at(key), sha256_hex(build.zip));
        }
    }
    void expect_all_in_folder() {
        EXPECT_EQ(store().keys().size(), 0U);
        EXPECT_TRUE(ledger_.is_kept(stack().coredumps_dir()));
        for (const auto& build : builds_) {
            const auto& assets = stack().assets_dir();
            const bool is_there =
                read_bytes(assets / build.model / ("firmware-" + build.version + ".zip")) ==
                    build.zip ||
                read_bytes(assets / ".replaced" / build.model / (build.elf_sha256 + ".zip")) ==
                    build.zip;
            EXPECT_TRUE(is_there) << build.version << ' ' << build.elf_sha256;
        }
    }

    const std::vector<FleetDevice> devices_{make_device(), make_device()};
    std::mt19937 random_{std::random_device{}()};
    std::atomic<bool> done_ = false;
    std::atomic<int> round_ = 0;
    std::atomic<std::size_t> downloads_ = 0;
    int killed_ = 0;
    Ledger ledger_;
    std::vector<Build> builds_;
    std::mutex mutex_;
    std::map<std::string, Names> images_;  ///< that were uploaded, by model
};

TEST_F(Moves, LoseNothingHoweverOftenTheyAreKilled) {
    go_on_meanwhile();
    std::cout << killed_ << " kills, " << ledger_.tally() << ", " << builds_.size() << " builds, "
              << downloads_ << " downloads\n";
    EXPECT_EQ(ledger_.tally().refused + ledger_.tally().unanswered, 0U);
    EXPECT_GT(killed_, 0);
    EXPECT_GT(downloads_, 0U);
    EXPECT_TRUE(eventually(
        [] { return stack().client().get("/health").json().at("spool").text() == "empty"; }));
    move(kToBucket);
    expect_all_in_bucket();
    move(kToFolder);
    expect_all_in_folder();
    // Nobody looked for one where it was not any more.
    EXPECT_EQ(
        stack().sql_value("SELECT count(*) FROM coredumps WHERE parsed_output LIKE '%is gone%'"),
        "0");
}

}  // namespace
