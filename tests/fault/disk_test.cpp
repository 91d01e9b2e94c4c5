// A volume that is full, or read-only: no dump is half stored, what was accepted stays, and all
// works again when there is room.

#include <optional>

#include <gtest/gtest.h>

#include "fault/mount.hpp"
#include "support/firmware.hpp"
#include "support/ledger.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kVolume = 64U << 20U;
constexpr std::size_t kRoom = 3U << 20U;  // some ninety core dumps

std::optional<SmallVolume> volume;
std::string no_volume;

const bool kStack = use_stack([] { return settings_on(volume, no_volume, kVolume); });

/// Everything below a folder, temporary files included.
std::set<std::string> files_below(const fs::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), folder));
    }
    return files;
}

class Disk : public testing::Test {
  protected:
    void SetUp() override {
        if (!volume) GTEST_SKIP() << "NO VOLUMES HERE: " << no_volume;
        device_ = make_device();
        // Taken by somebody else, so that little is left.
        write_file(ballast(), std::string(kVolume - kRoom, '.'));
    }
    /// Also after a test that was skipped.
    void TearDown() override {
        if (volume) fs::remove(ballast());
    }
    static fs::path ballast() { return volume->path() / "ballast"; }
    static fs::path coredumps() { return volume->path() / "coredumps"; }

    /// In four threads, until each was told that there is no room.
    void upload_until_refused() {
        in_parallel(4, [&](std::size_t /*number*/) {
            while (ledger_.upload(stack().url(), device_) == 201) continue;
        });
    }

    /// Nothing half written, nothing that no row names.
    void expect_consistent() {
        EXPECT_TRUE(ledger_.is_kept(coredumps()));
        EXPECT_EQ(files_below(coredumps() / device_.key).size(), rows_of(device_).size());
        EXPECT_EQ(ledger_.tally().unanswered, 0U);
    }

    HttpResponse upload_once() { return stack().client().post(upload_target(device_.key), "x"); }

    FleetDevice device_{};
    Ledger ledger_;
};

TEST_F(Disk, ThatIsFullTakesNothingMoreAndLosesNothing) {
    upload_until_refused();
    EXPECT_GE(ledger_.tally().refused, 4U);
    expect_consistent();
    const auto refused =
        stack().client().post(upload_target(device_.key), std::string(900'000, 'x'));
    EXPECT_TRUE(is_error(refused, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_NE(refused.header("retry-after"), "");
    expect_consistent();

    // Deleting makes room; it needs none itself.
    EXPECT_EQ(stack().client().del(device_.coredumps_path()).status, 204);
    EXPECT_EQ(upload_once().status, 201);
    EXPECT_EQ(stack().client().del(device_.coredumps_path()).status, 204);
}

TEST_F(Disk, ThatIsFullKeepsTheFirmwareThatIsThere) {
    const auto& model = device_.model;
    const auto image = esp_image("1.0.0", "", 400'000);
    upload_firmware(model, image);
    // What has been read once is extracted; before that, a full disk would be 503 until there is
    // room.
    const auto read = [&] {
        return stack().client().get("/api/iot/firmware?device_key=" + device_.key);
    };
    EXPECT_EQ(read().status, 200);
    const auto before = files_below(volume->path() / "assets");
    upload_until_refused();
    const auto refused =
        stack().client().post(model.firmware_path(), esp_image("2.0.0", "", 1'500'000));
    EXPECT_TRUE(is_error(refused, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(files_below(volume->path() / "assets"), before);
    EXPECT_EQ(read().status, 200);
    EXPECT_TRUE(read().body == image);
    EXPECT_EQ(stack().client().del(device_.coredumps_path()).status, 204);
}

TEST_F(Disk, ThatIsReadOnlyTakesNothingAndStillGives) {
    const auto kept = upload(device_, "a core dump");
    volume->make_read_only(true);
    EXPECT_TRUE(is_error(upload_once(), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(rows_of(device_).size(), 1U);
    EXPECT_EQ(stack().client().get(device_.coredump_path(kept.id) + "/download").body,
              "a core dump");
    volume->make_read_only(false);
    EXPECT_EQ(upload_once().status, 201);
}

}  // namespace
