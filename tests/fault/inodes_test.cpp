// A volume that has room for bytes and for no more files: it says so, refuses what does not fit,
// keeps what it took, and all works again when files are gone.

#include <optional>

#include <gtest/gtest.h>

#include "fault/mount.hpp"
#include "storage/folder_state.hpp"
#include "support/firmware.hpp"
#include "support/ledger.hpp"
#include "support/metrics_page.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;
using coredepot::storage::FolderState;

constexpr std::size_t kVolume = 256U << 20U;  // as much as a new firmware asks for, and more
constexpr std::size_t kInodes = 150;

std::optional<SmallVolume> volume;
std::string no_volume;

const bool kStack = use_stack([] { return settings_on(volume, no_volume, kVolume, kInodes); });

class Inodes : public testing::Test {
  protected:
    void SetUp() override {
        if (!volume) GTEST_SKIP() << "NO VOLUMES HERE: " << no_volume;
        device_ = make_device();
    }

    void upload_until_refused() {
        while (ledger_.upload(stack().url(), device_) == 201) continue;
    }
    void delete_all() { EXPECT_EQ(stack().client().del(device_.coredumps_path()).status, 204); }
    static HttpResponse health() { return stack().client().get("/health"); }

    FleetDevice device_{};
    Ledger ledger_;
};

TEST_F(Inodes, ThatAreGoneTakeNothingMoreAndLoseNothing) {
    EXPECT_EQ(health().json().at("coredumps_dir").text(), "ok");
    upload_until_refused();
    EXPECT_GT(ledger_.tally().stored, kInodes / 2);
    EXPECT_EQ(ledger_.tally().unanswered, 0U);
    EXPECT_TRUE(ledger_.is_kept(volume->path() / "coredumps"));
    // The runner may have removed the file that wakes it, and so made room for one.
    HttpResponse refused;
    do refused = stack().client().post(upload_target(device_.key), "x");
    while (refused.status == 201);
    EXPECT_TRUE(is_error(refused, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_NE(refused.header("retry-after"), "");

    // Deleting needs none.
    delete_all();
    EXPECT_EQ(stack().client().post(upload_target(device_.key), "x").status, 201);
    delete_all();
}

TEST_F(Inodes, ThatAreGoneAreSeen) {
    upload_until_refused();
    const auto sick = health();
    EXPECT_EQ(sick.status, 503);
    EXPECT_EQ(sick.json().at("status").text(), "unavailable");
    EXPECT_EQ(sick.json().at("coredumps_dir").text(), "out of inodes");
    EXPECT_EQ(sick.json().at("assets_dir").text(), "out of inodes");
    auto client = stack().client();
    for (const auto* folder : {"coredumps", "assets"}) {
        const auto labels = "{folder=\"" + std::string(folder) + "\"}";
        const auto page = MetricsPage::of(client);
        EXPECT_LT(page.at("coredepot_folder_free_inodes" + labels), 3);
        EXPECT_EQ(page.at("coredepot_folder_file_system_inodes" + labels), kInodes);
        EXPECT_GT(page.at("coredepot_folder_free_bytes" + labels), kVolume / 2) << "no other want";
    }
    delete_all();
    EXPECT_EQ(health().json().at("status").text(), "ok");
}

TEST_F(Inodes, ThatAreGoneKeepTheFirmwareThatIsThere) {
    const auto& model = device_.model;
    const auto image = esp_image("1.0.0", "", 4000);
    upload_firmware(model, image);
    const auto read = [&] {
        return stack().client().get("/api/iot/firmware?device_key=" + device_.key);
    };
    EXPECT_EQ(read().status, 200);
    upload_until_refused();
    const auto refused = stack().client().post(model.firmware_path(), esp_image("2.0.0", "", 4000));
    EXPECT_TRUE(is_error(refused, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(read().status, 200);
    EXPECT_TRUE(read().body == image);
    delete_all();
}

// As btrfs has it.
TEST(Uncounted, InodesAreNoFault) {
    if (!volume) GTEST_SKIP() << "NO VOLUMES HERE: " << no_volume;
    const SmallVolume uncounted(1U << 20U, 0);
    EXPECT_FALSE(coredepot::storage::inodes_of(uncounted.path()));
    EXPECT_EQ(coredepot::storage::folder_state(uncounted.path(), {1, 1'000'000'000}),
              FolderState::Usable);
    EXPECT_EQ(coredepot::storage::folder_state(volume->path(), {1, kInodes}),
              FolderState::OutOfInodes);
}

}  // namespace
