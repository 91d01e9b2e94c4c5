// The same core dump twice, and crash loops: DEDUPLICATE and RETENTION=diverse.

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/parallel.hpp"

using namespace coredepot::test;

namespace {

constexpr std::size_t kKept = 4;

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""},
                    {"MAX_COREDUMPS", std::to_string(kKept)},
                    {"DEDUPLICATE", "true"},
                    {"RETENTION", "diverse"}};
});

HttpResponse send(HttpClient& client, const FleetDevice& device, const std::string& bytes,
                  const std::string& key = "") {
    HttpClient::Headers headers;
    if (!key.empty()) headers.push_back("Idempotency-Key: " + key);
    return client.post(upload_target(device.key), bytes, headers);
}

/// As a parse would.
void set_signature(std::int64_t coredump, const std::string& signature) {
    stack().sql(
        "UPDATE coredumps SET parse_status = 'PARSED', parsed_output = 'x', parsed_at = now(), "
        "signature = '" +
        signature + "' WHERE id = " + std::to_string(coredump) + " RETURNING id");
}

TEST(Repeats, OfAnUploadGetTheFirstOnesAnswer) {
    const auto device = make_device();
    auto client = stack().client();
    const auto first = send(client, device, "a core dump", "\"8e03978e\"");
    ASSERT_EQ(first.status, 201) << first;
    const auto before = MetricsPage::of(client).at("coredepot_coredumps_repeated_total");
    for (const auto& again :
         {send(client, device, "a core dump", "\"8e03978e\""), send(client, device, "a core dump"),
          send(client, device, "a core dump", "another key")}) {
        EXPECT_EQ(again.status, 201);
        EXPECT_EQ(again.body, first.body);
    }
    EXPECT_EQ(rows_of(device).size(), 1U);
    EXPECT_EQ(names_in(device.folder()).size(), 1U);
    EXPECT_EQ(MetricsPage::of(client).at("coredepot_coredumps_repeated_total"), before + 3);
    EXPECT_NE(send(client, device, "another core dump", "\"8e03978e\"").body, first.body);
    EXPECT_EQ(send(client, make_device(), "a core dump", "\"8e03978e\"").status, 201);
    EXPECT_EQ(rows_of(device).size(), 2U);
}

TEST(Repeats, KeysHaveAForm) {
    const auto device = make_device();
    auto client = stack().client();
    for (const auto& bad : {std::string(256, 'k'), std::string("caf\xc3\xa9")}) {
        EXPECT_TRUE(is_error(send(client, device, "x", bad), 400, "VALIDATION_FAILED"));
    }
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_EQ(send(client, device, "x", std::string(255, 'k')).status, 201);
}

TEST(Repeats, InParallelMakeOneRow) {
    for (const auto* key : {"", "one key"}) {
        const auto device = make_device();
        std::vector<std::string> answers(16);
        in_parallel(answers.size(), [&](std::size_t thread) {
            auto client = stack().client();
            for (int i = 0; i < 3; ++i) {
                answers[thread] = send(client, device, "a core dump", key).body;
            }
        });
        EXPECT_EQ(std::set(answers.begin(), answers.end()).size(), 1U);
        EXPECT_EQ(rows_of(device).size(), 1U);
        EXPECT_EQ(names_in(device.folder()).size(), 1U);
    }
}

TEST(Repeats, AcrossAnOutageMakeOneRow) {
    const auto device = make_device();
    auto client = stack().client();
    const auto first = send(client, device, "a core dump", "key");
    EXPECT_EQ(first.status, 201);
    close_database();
    EXPECT_EQ(send(client, device, "a core dump", "key").status, 202);
    EXPECT_EQ(send(client, device, "a core dump").status, 202);
    open_database();
    EXPECT_TRUE(
        eventually([&] { return client.get("/health").json().at("spool").text() == "empty"; }));
    EXPECT_EQ(rows_of(device).size(), 1U);
    EXPECT_EQ(names_in(device.folder()),
              std::vector<std::string>{first.json().at("filename").text()});
}

TEST(DiverseRetention, LetsACrashLoopEatItself) {
    const auto device = make_device();
    const auto rare = upload(device, "rare");
    set_signature(rare.id, "rare");
    std::vector<std::int64_t> loop;
    for (int i = 0; i < 8; ++i) {
        loop.push_back(upload(device, "loop " + std::to_string(i)).id);
        set_signature(loop.back(), "loop");
    }
    EXPECT_EQ(rows_of(device), (std::vector<std::int64_t>{loop[7], loop[6], loop[5], rare.id}));
    EXPECT_EQ(names_in(device.folder()).size(), kKept);
}

TEST(DiverseRetention, IsExactUnderParallelUploads) {
    const auto device = make_device();
    in_parallel(16, [&](std::size_t thread) {
        auto client = stack().client();
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_EQ(send(client, device, std::to_string(100 * thread + i)).status, 201);
            EXPECT_LE(rows_of(device).size(), kKept);
        }
    });
    EXPECT_EQ(rows_of(device).size(), kKept);
    EXPECT_EQ(names_in(device.folder()).size(), kKept);
}

}  // namespace
