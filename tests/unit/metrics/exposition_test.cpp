#include "metrics/exposition.hpp"

#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace coredepot::metrics {
namespace {

using namespace std::chrono_literals;

/// Series and value, as text.
std::map<std::string, std::string> samples(const Counters& counters, const Gauges& gauges) {
    std::map<std::string, std::string> found;
    std::istringstream lines(exposition(counters, gauges));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        const auto space = line.rfind(' ');
        found[line.substr(0, space)] = line.substr(space + 1);
    }
    return found;
}

TEST(Exposition, EveryOperationIsThereFromTheStart) {
    const auto found = samples({}, {});
    for (const auto operation : kOperations) {
        for (const auto outcome : kOutcomes) {
            const auto labels = "{operation=\"" + std::string(operation) + "\",status=\"" +
                                std::string(outcome) + "\"";
            EXPECT_EQ(found.at("coredepot_operations_total" + labels + "}"), "0");
            EXPECT_EQ(found.at("coredepot_operation_duration_seconds_count" + labels + "}"), "0");
            EXPECT_EQ(
                found.at("coredepot_operation_duration_seconds_bucket" + labels + ",le=\"+Inf\"}"),
                "0");
        }
    }
    EXPECT_EQ(found.at(R"(coredepot_responses_total{operation="iot_upload_coredump",code="503"})"),
              "0");
}

TEST(Exposition, TheObjectStoreIsThereWhenThereIsOne) {
    Counters counters;
    counters.record_store(0, 2, 4s);
    const std::string labels = R"({operation="put",outcome="in_doubt"})";
    EXPECT_FALSE(samples(counters, {}).contains("coredepot_object_store_up"));
    Gauges gauges;
    gauges.store_up = false;
    const auto found = samples(counters, gauges);
    EXPECT_EQ(found.at("coredepot_object_store_up"), "0");
    EXPECT_EQ(found.at("coredepot_object_store_requests_total" + labels), "1");
    EXPECT_EQ(found.at("coredepot_object_store_request_duration_seconds_sum" + labels), "4");
    EXPECT_EQ(
        found.at(R"(coredepot_object_store_requests_total{operation="remove",outcome="done"})"),
        "0");
}

TEST(Exposition, WhatWaitsInTheBucketIsThereWhereTheStoreSaidSo) {
    EXPECT_FALSE(samples(Counters(), {}).contains("coredepot_bucket_spool_objects"));
    Gauges gauges;
    gauges.bucket_spool = {3, 4096, 90s};
    const auto found = samples(Counters(), gauges);
    EXPECT_EQ(found.at("coredepot_bucket_spool_objects"), "3");
    EXPECT_EQ(found.at("coredepot_bucket_spool_bytes"), "4096");
    EXPECT_EQ(found.at("coredepot_bucket_spool_oldest_age_seconds"), "90");
}

TEST(Exposition, BucketsAreCumulativeAndInSeconds) {
    Counters counters;
    for (const auto took : {1ms, 2ms, 60'000ms, 200'000ms}) {
        counters.record_operation("coredump_parse", Outcome::Success, took);
    }
    const auto found = samples(counters, {});
    const std::string labels = R"({operation="coredump_parse",status="success")";
    const auto bucket = [&](const std::string& bound) {
        return found.at("coredepot_operation_duration_seconds_bucket" + labels + ",le=\"" + bound +
                        "\"}");
    };
    EXPECT_EQ(bucket("0.001"), "1");
    EXPECT_EQ(bucket("0.0025"), "2");
    EXPECT_EQ(bucket("30"), "2");
    EXPECT_EQ(bucket("60"), "3");
    EXPECT_EQ(bucket("120"), "3");
    EXPECT_EQ(bucket("+Inf"), "4");
    EXPECT_EQ(found.at("coredepot_operation_duration_seconds_sum" + labels + "}"), "260.003");
    EXPECT_EQ(found.at("coredepot_operation_duration_seconds_count" + labels + "}"), "4");
    EXPECT_EQ(found.at("coredepot_operations_total" + labels + "}"), "4");
}

TEST(Exposition, AParseIsNoResponse) {
    for (const auto& [series, value] : samples({}, {})) {
        EXPECT_FALSE(series.starts_with("coredepot_responses_total{operation=\"coredump_parse\""));
    }
}

TEST(Exposition, CountsEvents) {
    Counters counters;
    counters.record(Event::CorruptBundle);
    counters.record(Event::CoredumpEvicted, 3);
    counters.record(Event::FileExpiredForBytes, 5);
    counters.record_parse(ParseOutcome::Retry, 1s);
    const auto found = samples(counters, {});
    EXPECT_EQ(found.at("coredepot_corrupt_bundles_total"), "1");
    EXPECT_EQ(found.at("coredepot_coredumps_evicted_total"), "3");
    EXPECT_EQ(found.at(R"(coredepot_files_expired_total{reason="bytes"})"), "5");
    EXPECT_EQ(found.at(R"(coredepot_files_expired_total{reason="age"})"), "0");
    EXPECT_EQ(found.at(R"(coredepot_parses_total{outcome="retry"})"), "1");
    EXPECT_EQ(found.at(R"(coredepot_parses_total{outcome="parsed"})"), "0");
}

TEST(Exposition, KeysOfTheIssuers) {
    Gauges gauges;
    gauges.issuer_keys.emplace();
    const auto never = samples({}, gauges);
    EXPECT_EQ(never.at("coredepot_issuer_keys"), "0");
    EXPECT_FALSE(never.contains("coredepot_issuer_keys_age_seconds"));
    gauges.issuer_keys = IssuerKeysGauges{2, 1500ms};
    const auto found = samples({}, gauges);
    EXPECT_EQ(found.at("coredepot_issuer_keys"), "2");
    EXPECT_EQ(found.at("coredepot_issuer_keys_age_seconds"), "1.5");
}

TEST(Exposition, Gauges) {
    Gauges gauges;
    gauges.database_up = true;
    gauges.sidecar_configured = true;
    gauges.coredumps =
        CoredumpStatistics{1, 2, 3, 1'234'567'890'123, 90'500ms, 500ms, 7, 3600s, -2500ms};
    gauges.folders = {{"coredumps", 5, 6, 7, 8, 9}, {"assets", std::nullopt, 8, {}, {}, {}}};
    const auto found = samples({}, gauges);
    EXPECT_EQ(found.at("coredepot_database_up"), "1");
    EXPECT_FALSE(found.contains("coredepot_issuer_keys"));
    EXPECT_EQ(found.at("coredepot_sidecar_configured"), "1");
    EXPECT_EQ(found.at(R"(coredepot_coredumps{status="PENDING"})"), "1");
    EXPECT_EQ(found.at(R"(coredepot_coredumps{status="PARSED"})"), "2");
    EXPECT_EQ(found.at(R"(coredepot_coredumps{status="ERROR"})"), "3");
    EXPECT_EQ(found.at("coredepot_oldest_pending_age_seconds"), "90.5");
    EXPECT_EQ(found.at("coredepot_coredumps_counted_age_seconds"), "0.5");
    EXPECT_EQ(found.at("coredepot_coredumps_ahead"), "7");
    EXPECT_EQ(found.at("coredepot_pending_ahead_seconds"), "3600");
    EXPECT_EQ(found.at("coredepot_clock_ahead_of_database_seconds"), "-2.5");
    EXPECT_EQ(found.at(R"(coredepot_folder_bytes{folder="coredumps"})"), "5");
    EXPECT_EQ(found.at(R"(coredepot_folder_free_bytes{folder="coredumps"})"), "6");
    EXPECT_EQ(found.at(R"(coredepot_folder_file_system_bytes{folder="coredumps"})"), "7");
    EXPECT_EQ(found.at(R"(coredepot_folder_free_inodes{folder="coredumps"})"), "8");
    EXPECT_EQ(found.at(R"(coredepot_folder_file_system_inodes{folder="coredumps"})"), "9");
    EXPECT_EQ(found.at(R"(coredepot_folder_free_bytes{folder="assets"})"), "8");
    EXPECT_FALSE(found.contains(R"(coredepot_folder_free_inodes{folder="assets"})"));
    EXPECT_FALSE(found.contains(R"(coredepot_folder_bytes{folder="assets"})"));
}

TEST(Exposition, LimitsOfFiles) {
    Gauges gauges;
    gauges.retention.emplace();
    EXPECT_FALSE(samples({}, gauges).contains("coredepot_coredumps_max_bytes"));
    gauges.retention = RetentionGauges{3, true, 1'000'000, 5};
    const auto found = samples({}, gauges);
    EXPECT_EQ(found.at("coredepot_coredump_files"), "3");
    EXPECT_EQ(found.at("coredepot_retention_unmet"), "1");
    EXPECT_EQ(found.at("coredepot_coredumps_max_bytes"), "1000000");
    EXPECT_EQ(found.at("coredepot_coredumps_min_free_ratio"), "0.05");
}

TEST(Exposition, TheLastBackupIsThereWhereBackupsAreMade) {
    constexpr const char* kSeries = "coredepot_last_backup_timestamp_seconds";
    Gauges gauges;
    EXPECT_FALSE(samples({}, gauges).contains(kSeries));
    gauges.last_backup.emplace();
    EXPECT_EQ(samples({}, gauges).at(kSeries), "0") << "none yet";
    gauges.last_backup = Timestamp(1'700'000'000s);
    EXPECT_EQ(samples({}, gauges).at(kSeries), "1700000000");
}

TEST(Exposition, WhatIsNotKnownIsAbsentRatherThanZero) {
    const auto found = samples({}, {});
    EXPECT_EQ(found.at("coredepot_database_up"), "0");
    for (const auto& [series, value] : found) {
        EXPECT_FALSE(series.starts_with("coredepot_coredumps{")) << series;
        EXPECT_FALSE(series.starts_with("coredepot_oldest")) << series;
        EXPECT_FALSE(series.starts_with("coredepot_folder")) << series;
    }
}

}  // namespace
}  // namespace coredepot::metrics
