// COREDUMPS_MAX_BYTES: files go while their rows stay, and everybody who asks is told.

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

constexpr int kBytes = 500;  // of each core dump

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""},
                    {"COREDUMPS_MAX_BYTES", std::to_string(2 * kBytes)},
                    {"KEEP_PER_ISSUE", "2"}};
});

std::string expired(std::int64_t coredump) {
    return stack().sql_value(
        "SELECT count(*) FROM coredumps WHERE file_expired_at IS NOT NULL "
        "AND id = " +
        std::to_string(coredump));
}

/// Four that have been looked at, without a signature, the oldest first; then one that comes in.
/// Beyond the limit are two, and one more that nobody may take.
class FileRetention : public testing::Test {
  protected:
    FileRetention() {
        stack().sql("DELETE FROM coredumps");
        for (int i = 0; i < 4; ++i) coredumps_.push_back(upload(device_, std::string(kBytes, 'x')));
        stack().sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = 'no ELF'");
        upload(device_, std::string(kBytes, 'x'));
        is_done_ = eventually([&] {
            return stack().sql_value(
                       "SELECT count(*) FROM kept_files, coredumps "
                       "WHERE unmet_limit IS NOT NULL "
                       "AND file_expired_at IS NOT NULL") == "2" &&
                   stack().sql_value("SELECT count(*) FROM expired_files") == "0";
        });
    }

    const FleetDevice device_ = make_device();
    std::vector<FleetCoredump> coredumps_;
    bool is_done_ = false;
};

TEST_F(FileRetention, TheOldestGoAndTheirRowsSaySo) {
    ASSERT_TRUE(is_done_);
    const auto gone = coredumps_.at(0);
    const auto kept = coredumps_.at(3);
    EXPECT_EQ(expired(gone.id) + expired(coredumps_.at(1).id), "11");
    EXPECT_FALSE(fs::exists(device_.folder() / gone.filename));
    EXPECT_TRUE(fs::exists(device_.folder() / kept.filename));

    auto asking = stack().client();
    const auto detail = asking.get(device_.coredump_path(gone.id)).json();
    const auto at = detail.at("file_expired_at").text();
    EXPECT_EQ(detail.at("parsed_output").text(), "no ELF");
    EXPECT_TRUE(asking.get(device_.coredump_path(kept.id)).json().at("file_expired_at").is_null());
    const auto list = asking.get(device_.coredumps_path()).json().at("coredumps");
    ASSERT_EQ(list.size(), 5U);
    EXPECT_EQ(list.at(4).at("file_expired_at").text(), at);
    EXPECT_TRUE(list.at(0).at("file_expired_at").is_null());

    const auto download = asking.get(device_.coredump_path(gone.id) + "/download");
    EXPECT_EQ(download.status, 404);
    EXPECT_EQ(download.json().at("error").text(),
              "The file of coredump " + std::to_string(gone.id) + " expired at " + at +
                  " to make room for others; its report is still there");
    EXPECT_EQ(asking.get(device_.coredump_path(kept.id) + "/download").status, 200);
}

TEST_F(FileRetention, WhatHasExpiredCannotBeParsedAgain) {
    ASSERT_TRUE(is_done_);
    auto client = stack().client();
    const auto gone = coredumps_.at(0);
    const auto answer = client.post(device_.coredump_path(gone.id) + "/reparse", "");
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.json().at("error").text().find("its file expired at "), std::string::npos);
    const auto all = client.post("/api/coredumps/reparse", R"({"status": "ERROR"})");
    EXPECT_EQ(all.json().at("count").integer(), 2);
    EXPECT_EQ(client.get(device_.coredump_path(gone.id)).json().at("parse_status").text(), "ERROR");
}

TEST_F(FileRetention, WhoLooksAfterItSeesWhatWentAndThatMoreCannotGo) {
    ASSERT_TRUE(is_done_);
    auto client = stack().client();
    EXPECT_EQ(client.get("/health").json().at("retention").text(), "unmet");
    const auto page = MetricsPage::of(client);
    EXPECT_EQ(page.at("coredepot_coredump_files"), 3);
    EXPECT_EQ(page.at(R"(coredepot_folder_bytes{folder="coredumps"})"), 3 * kBytes);
    EXPECT_EQ(page.at("coredepot_coredumps_max_bytes"), 2 * kBytes);
    EXPECT_EQ(page.at("coredepot_retention_unmet"), 1);
    EXPECT_GE(page.at(R"(coredepot_files_expired_total{reason="bytes"})"), 2);
    EXPECT_EQ(page.at(R"(coredepot_files_expired_total{reason="age"})"), 0);
}

}  // namespace
