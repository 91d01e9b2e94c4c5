// Power cuts at many moments under load: whatever had been answered 2xx by then is on the disk.
//
// What this cannot show: what a disk does that lies about flushes, and what PostgreSQL does, which
// has its files elsewhere and is trusted to keep what it has committed.

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <semaphore>
#include <set>

#include <gtest/gtest.h>

#include "fault/form.hpp"
#include "fault/mount.hpp"
#include "os/durability.hpp"
#include "storage/dump_store.hpp"
#include "support/database_outage.hpp"
#include "support/firmware.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

std::optional<ForgetfulVolume> volume;
std::string no_volume;

const bool kStack = use_stack([] {
    Settings settings{
        {"MAX_COREDUMPS", "1000000"}, {"UPLOAD_RATE_PER_MINUTE", "0"}, {"PARSE_SIDECAR_URL", ""}};
    try {
        volume.emplace();
        for (const auto* folder : {"coredumps", "assets"}) {
            fs::create_directory(volume->path() / folder);
        }
        coredepot::os::sync_folder(volume->path());
        settings["COREDUMPS_DIR"] = volume->path() / "coredumps";
        settings["ASSETS_DIR"] = volume->path() / "assets";
    } catch (const CannotMount& reason) {
        no_volume = reason.what();
    }
    return settings;
});

class PowerCut : public testing::Test {
  protected:
    void SetUp() override {
        if (!volume) GTEST_SKIP() << "NO POWER CUTS HERE: " << no_volume;
    }
};

/// Runs `load` in four threads, again and again, and cuts the power at `count` moments meanwhile:
/// what `promised` returned just before is called with what would be left, in each way.
void cut_often(int count, const std::function<void(std::size_t)>& load,
               const std::function<std::function<void(const fs::path& disk)>()>& promised) {
    constexpr std::ptrdiff_t kThreads = 4;
    constexpr std::ptrdiff_t kLoadsPerCut = 40;  // what is checked takes longer than what is done
    std::atomic<bool> done = false;
    std::atomic<int> loads = 0;
    std::counting_semaphore<> permits(0);
    in_parallel(kThreads + 1, [&](std::size_t thread) {
        if (thread < kThreads) {
            try {
                for (permits.acquire(); !done; permits.acquire()) {
                    load(thread);
                    ++loads;
                }
            } catch (...) {
                done = true;
                throw;
            }
            return;
        }
        for (int i = 0; i < count && !done && !testing::Test::HasFailure(); ++i) {
            const int before = loads;
            permits.release(kLoadsPerCut);
            eventually([&] { return done || loads > before; });
            const auto check = promised();  // before the cut: what comes later need not be there
            const auto cut = volume->cut();
            check(cut / "strict");
            check(cut / "names_first");
            check(cut / "journaled");
            ForgetfulVolume::remove(cut);
        }
        done = true;
        permits.release(kThreads);
    });
}

/// Of `{device key}/{filename}`, as it was uploaded.
bool has_label(const fs::path& coredumps_dir, const fs::path& name) {
    const auto label = coredepot::storage::DumpStore(coredumps_dir)
                           .label(coredepot::DeviceKey::trusted(name.parent_path().string()),
                                  coredepot::DumpFilename::trusted(name.filename().string()));
    return label && label->chip.str() == "esp32c3" && label->firmware_version.str() == "1.0.0" &&
           label->model_code;
}

/// Files under the names of core dumps that are torn, and that nothing tells from whole ones: fsck
/// would make rows for them.
std::vector<fs::path> torn_and_not_told(const fs::path& coredumps_dir) {
    const coredepot::storage::DumpStore dumps(coredumps_dir);
    std::vector<fs::path> found;
    for (const auto& file : files_below(coredumps_dir)) {
        const auto device = coredepot::DeviceKey::parse(file.parent_path().filename().string());
        const auto filename = coredepot::DumpFilename::parse(file.filename().string());
        if (!device || !filename) continue;
        const auto bytes = read_bytes(file);
        const auto label = dumps.label(*device, *filename);
        // By its hash fsck sees whether a file is whole.
        const bool is_told = label && label->sha256_start;
        if (!bytes.empty() && !is_told && !Ledger::is_whole(bytes)) found.push_back(file);
    }
    return found;
}

TEST_F(PowerCut, KeepsEveryCoreDumpThatWasAccepted) {
    Ledger ledger;
    const std::vector<FleetDevice> devices = {make_device(), make_device()};
    const auto load = [&](std::size_t thread) {
        ledger.upload(stack().url(), devices[thread % devices.size()]);
    };
    std::map<std::string, std::size_t>
        checked;  // in an earlier cut: synced once is synced for good
    cut_often(times(25, 400), load, [&] {
        auto accepted = ledger.accepted();
        for (const auto& [name, number] : std::exchange(checked, accepted)) accepted.erase(name);
        return [accepted](const fs::path& disk) {
            for (const auto& [name, number] : accepted) {
                EXPECT_TRUE(read_bytes(disk / "coredumps" / name) == Ledger::bytes_of(number))
                    << name << " after " << disk;
                EXPECT_TRUE(has_label(disk / "coredumps", name)) << name << " after " << disk;
            }
            EXPECT_EQ(torn_and_not_told(disk / "coredumps"), std::vector<fs::path>());
        };
    });
    std::cout << ledger.tally() << '\n';
    EXPECT_GT(ledger.tally().stored, 0U);
    EXPECT_EQ(ledger.tally().refused, 0U);
}

// By a handler that was killed between the two.
TEST_F(PowerCut, KeepsADumpInAFolderThatWasMadeAndNotSynced) {
    const auto device = make_device();
    fs::create_directory(volume->path() / "coredumps" / device.key);
    const auto coredump = upload(device);
    const auto cut = volume->cut();
    EXPECT_EQ(read_bytes(cut / "strict/coredumps" / device.key / coredump.filename), "a core dump");
    ForgetfulVolume::remove(cut);
}

TEST_F(PowerCut, KeepsWhatWasSpooledWhileTheDatabaseWasAway) {
    const auto device = make_device();
    close_database();
    Ledger ledger;
    for (int i = 0; i < 10; ++i) EXPECT_EQ(ledger.upload(stack().url(), device), 202);
    const auto cut = volume->cut();
    const auto spool = cut / "strict/coredumps/.spool";
    std::set<std::string> left;
    for (const auto& file : files_below(spool)) left.insert(read_bytes(file));
    EXPECT_EQ(left.size(), 10U);
    for (const auto& [name, number] : ledger.accepted()) {
        EXPECT_TRUE(std::ranges::any_of(left, [&](const std::string& file) {
            return file.ends_with(Ledger::bytes_of(number));
        })) << name;
    }
    ForgetfulVolume::remove(cut);
    open_database();
    EXPECT_TRUE(eventually(
        [] { return stack().client().get("/health").json().at("spool").text() == "empty"; }));
    EXPECT_TRUE(ledger.is_kept(volume->path() / "coredumps"));
}

/// Versions of one model, uploaded one after the other.
struct Releases {
    FleetModel model;
    std::atomic<int> accepted = 0;  ///< versions 1 to this one were answered 200

    std::string bundle(int version) const {
        return zip(bundle_entries(model.code, std::to_string(version)));
    }
    std::string image(int version) const {
        const auto entries = bundle_entries(model.code, std::to_string(version));
        return std::ranges::find(entries, model.code + ".bin", &Entries::value_type::first)->second;
    }
    void upload_next() {
        upload_firmware(model, bundle(accepted + 1));
        ++accepted;
    }
    /// Of the last version that was accepted, or of the one on its way.
    bool is_current(const std::string& image, int accepted_before) const {
        for (int version = accepted_before; version <= accepted + 1; ++version) {
            if (image == this->image(version)) return true;
        }
        return false;
    }
};

TEST_F(PowerCut, KeepsFirmwareThatWasAccepted) {
    std::array<Releases, 4> releases;
    for (auto& each : releases) each.model = make_model();
    const auto load = [&](std::size_t thread) { releases.at(thread).upload_next(); };
    cut_often(times(10, 100), load, [&] {
        std::vector<int> accepted;
        for (const auto& each : releases) accepted.push_back(each.accepted);
        return [&, accepted](const fs::path& disk) {
            for (std::size_t i = 0; i < accepted.size(); ++i) {
                const auto& code = releases.at(i).model.code;
                const auto& version = std::to_string(accepted[i]);
                if (accepted[i] == 0) continue;
                EXPECT_TRUE(read_bytes(disk / "assets" / code / ("firmware-" + version + ".zip")) ==
                            releases.at(i).bundle(accepted[i]))
                    << code << ' ' << version << " after " << disk;
                EXPECT_TRUE(releases.at(i).is_current(
                    read_bytes(disk / "assets" / ("firmware-" + code + ".bin")), accepted[i]))
                    << code << " after " << disk;
            }
        };
    });
    for (const auto& each : releases) EXPECT_GT(each.accepted, 0);
}

}  // namespace
