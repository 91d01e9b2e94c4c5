// /metrics: what is counted, by however many processes, whatever becomes of them.

#include <algorithm>
#include <csignal>
#include <regex>

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/database_outage.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] {
    return Settings{{"PARSE_RETRY_SECONDS", "0,600"}, {"UPLOAD_RATE_PER_MINUTE", "0"}};
});

MetricsPage scrape() {
    auto client = stack().client();
    return MetricsPage::of(client);
}

/// How much more of `series` there is after `work`.
double increase(const std::string& series, const std::function<void()>& work) {
    const auto before = scrape().at(series);
    work();
    return scrape().at(series) - before;
}

void expect_status(int status, const HttpRequest& request) {
    EXPECT_EQ(stack().client().send(request).status, status) << request.target;
}

/// Uploads `each` core dumps on each of `clients` connections.
void upload_in_parallel(const FleetDevice& device, std::size_t clients, int each) {
    in_parallel(clients, [&](std::size_t /*number*/) {
        auto client = stack().client();
        for (int i = 0; i < each; ++i) {
            EXPECT_EQ(client.post(upload_target(device.key), "a core dump").status, 201);
        }
    });
}

/// The processes that wrote lines of requests into a log.
std::set<std::string> processes_in(const std::string& log) {
    static const std::regex line(R"(\[(\d+)\] request )");
    std::set<std::string> processes;
    for (std::sregex_iterator match(log.begin(), log.end(), line), end; match != end; ++match) {
        processes.insert((*match)[1]);
    }
    return processes;
}

constexpr const char* kUploads =
    R"(coredepot_operations_total{operation="iot_upload_coredump",status="success"})";

TEST(Metrics, ArePrometheusText) {
    const auto response = stack().client().get("/metrics");
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(stack().client().head("/metrics").status, 200);
    const auto refused = stack().client().post("/metrics", "");
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.header("allow"), "GET, HEAD");
}

TEST(Metrics, AreCleanForPromtool) {
    upload(make_device());
    const TemporaryFolder folder;
    write_file(folder / "page", scrape().text());
    const auto page = (folder / "page").string();
    const auto result = run_command({"/bin/sh", "-c", R"(promtool check metrics <"$0")", page});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.output, "");
}

TEST(Metrics, NameEveryOperationOfTheContract) {
    const auto page = scrape();
    for (const auto* operation :
         {"iot_upload_coredump", "iot_get_firmware", "iot_get_firmware_version", "list_coredumps",
          "get_coredump", "download_coredump", "delete_coredump", "delete_all_coredumps",
          "pipeline_upload_firmware", "pipeline_upload_firmware_zip", "coredump_parse"}) {
        for (const auto* status : {"success", "error"}) {
            EXPECT_GE(page.operations(operation, status), 0) << operation;
            EXPECT_EQ(page.at("coredepot_operation_duration_seconds_count{operation=\"" +
                              std::string(operation) + "\",status=\"" + status + "\"}"),
                      page.operations(operation, status));
        }
    }
}

TEST(Metrics, CountWhatAllProcessesOfAHandlerDid) {
    constexpr std::size_t kClients = 16;
    constexpr int kEach = 25;
    const auto device = make_device();
    EXPECT_EQ(increase(kUploads, [&] { upload_in_parallel(device, kClients, kEach); }),
              static_cast<double>(kClients) * kEach);
    EXPECT_GT(processes_in(stack().logs().at("upload.log")).size(), 1U)
        << "one process did it all, so nothing was shown";
}

TEST(Metrics, CountEachOperationByHowItEnded) {
    const auto device = make_device();
    const auto key = "?device_key=" + device.key;
    const auto coredump = upload(device);
    upload_firmware(device.model, esp_image("1.0.0"));
    struct Case {
        const char* operation;
        int status;
        HttpRequest request;
    };
    const auto one = device.coredump_path(coredump.id);
    const auto none = device.coredump_path(999'999'999);
    const std::vector<Case> cases = {
        {"iot_upload_coredump", 201, {"POST", upload_target(device.key), "x", {}}},
        {"iot_upload_coredump", 400, {"POST", upload_target(device.key), "", {}}},
        {"iot_upload_coredump", 404, {"POST", upload_target("zzzzzzzz"), "x", {}}},
        {"iot_upload_coredump", 401, {"POST", "/api/iot/coredump", "x", {}}},
        {"iot_get_firmware", 200, {"GET", "/api/iot/firmware" + key, {}, {}}},
        {"iot_get_firmware", 404, {"GET", "/api/iot/firmware?device_key=zzzzzzzz", {}, {}}},
        {"iot_get_firmware_version", 200, {"GET", "/api/iot/firmware-version" + key, {}, {}}},
        {"list_coredumps", 200, {"GET", device.coredumps_path(), {}, {}}},
        {"list_coredumps", 404, {"GET", "/api/devices/999999999/coredumps", {}, {}}},
        {"get_coredump", 200, {"GET", one, {}, {}}},
        {"get_coredump", 404, {"GET", none, {}, {}}},
        {"download_coredump", 200, {"GET", one + "/download", {}, {}}},
        {"download_coredump", 404, {"GET", none + "/download", {}, {}}},
        {"delete_coredump", 204, {"DELETE", one, {}, {}}},
        {"delete_coredump", 404, {"DELETE", one, {}, {}}},
        {"delete_all_coredumps", 204, {"DELETE", device.coredumps_path(), {}, {}}},
        {"pipeline_upload_firmware",
         200,
         {"POST", device.model.firmware_path(), esp_image("1.0.1"), {}}},
        {"pipeline_upload_firmware", 400, {"POST", device.model.firmware_path(), "x", {}}},
        {"pipeline_upload_firmware_zip",
         200,
         {"POST",
          device.model.firmware_path(),
          zip(bundle_entries(device.model.code, "1.0.2")),
          {}}},
        {"pipeline_upload_firmware_zip",
         400,
         {"POST", device.model.firmware_path(), zip({{"x", "y"}}), {}}},
    };
    for (const auto& [operation, status, request] : cases) {
        const auto before = scrape();
        expect_status(status, request);
        const auto after = scrape();
        const auto* const ended = status < 400 ? "success" : "error";
        EXPECT_EQ(after.operations(operation, ended) - before.operations(operation, ended), 1)
            << operation << ' ' << status;
        EXPECT_EQ(after.responses(operation, status) - before.responses(operation, status), 1)
            << operation << ' ' << status;
        // Nothing else moved but what the scrapes themselves are.
        for (const auto& [series, value] : before.samples()) {
            if (!series.starts_with("coredepot_operations_total{") ||
                series.find("\"metrics\"") != std::string::npos ||
                series.find("\"coredump_parse\"") != std::string::npos ||
                series.find('"' + std::string(operation) + '"') != std::string::npos) {
                continue;
            }
            EXPECT_EQ(after.at(series), value) << series << " after " << operation;
        }
    }
}

TEST(Metrics, AnAnswerWithoutAWholeBodyIsASuccess) {
    const auto device = make_device();
    upload_firmware(device.model, esp_image("1.0.0"));
    const auto target = "/api/iot/firmware?device_key=" + device.key;
    auto client = stack().client();
    const auto etag = client.get(target).header("etag");
    const auto before = scrape();
    EXPECT_EQ(client.get(target, {"If-None-Match: " + etag}).status, 304);
    EXPECT_EQ(client.get(target, {"Range: bytes=0-9", "If-Range: " + etag}).status, 206);
    const auto after = scrape();
    EXPECT_EQ(after.operations("iot_get_firmware", "success") -
                  before.operations("iot_get_firmware", "success"),
              2);
    EXPECT_EQ(after.responses("iot_get_firmware", 304) - before.responses("iot_get_firmware", 304),
              1);
}

TEST(Metrics, CountBundlesThatCannotBeRead) {
    const auto device = make_device();
    upload_firmware(device.model, zip(bundle_entries(device.model.code, "1.0.0")));
    write_file(stack().assets_dir() / device.model.code / "firmware-1.0.0.zip", "damaged");
    EXPECT_EQ(
        increase(
            "coredepot_corrupt_bundles_total",
            [&] {
                expect_status(200, {"GET", "/api/iot/firmware?device_key=" + device.key, {}, {}});
            }),
        1);
}

TEST(Metrics, CountWhatRetentionRemoves) {
    const auto device = make_device();
    for (int i = 0; i < 20; ++i) upload(device);
    EXPECT_EQ(increase("coredepot_coredumps_evicted_total", [&] { upload(device); }), 1);
}

TEST(Metrics, CountParsesByWhatCameOfThem) {
    auto device = make_device(make_model("thermostat"));
    upload_firmware(device.model, thermostat_bundle());
    const auto before = scrape();
    upload(device, thermostat_file("coredump.bin"), "esp32c3", "1.4.2");
    upload(device, "no core dump", "esp32c3", "1.4.2");
    const auto more = [&](const std::string& series) {
        return scrape().at(series) - before.at(series);
    };
    EXPECT_TRUE(
        eventually([&] { return more(R"(coredepot_parses_total{outcome="parsed"})") == 1; }));
    EXPECT_TRUE(
        eventually([&] { return more(R"(coredepot_parses_total{outcome="error"})") >= 1; }));
    EXPECT_EQ(more(R"(coredepot_operations_total{operation="coredump_parse",status="success"})"),
              1);
}

TEST(Metrics, GaugesSayWhatThereIs) {
    const auto device = make_device();
    upload(device, std::string(1000, 'x'));
    // One that waits for its next attempt, and no runner takes meanwhile; one may have been there
    // already, and have found that there is no firmware for it.
    stack().sql(
        "UPDATE coredumps SET parse_status = 'PENDING', parsed_output = NULL, "
        "parsed_at = NULL, lease = NULL, awaits_firmware_since = NULL, awaits_elf = NULL, "
        "uploaded_at = now() - interval '1 hour', "
        "next_attempt_at = now() + interval '10 minutes' WHERE device_id = " +
        std::to_string(device.id));
    EXPECT_TRUE(eventually([&] {
        return stack().sql_value(
                   "SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING' "
                   "AND device_id <> " +
                   std::to_string(device.id)) == "0";
    })) << "the queue goes on changing";
    stack().sql_value("UPDATE coredump_statistics SET took = '0' RETURNING took");
    EXPECT_TRUE(eventually([] { return stack().sql_value("SELECT count_coredumps()") == "t"; }));
    const auto page = scrape();
    for (const auto* status : {"PENDING", "PARSED", "ERROR"}) {
        const auto rows = stack().sql_value(
            "SELECT count(*) FROM coredumps WHERE parse_status = '" + std::string(status) + "'");
        EXPECT_EQ(page.at("coredepot_coredumps{status=\"" + std::string(status) + "\"}"),
                  std::stod(rows))
            << status;
    }
    EXPECT_GE(page.at(R"(coredepot_coredumps{status="PENDING"})"), 1);
    EXPECT_GE(page.at("coredepot_oldest_pending_age_seconds"), 3600);
    EXPECT_EQ(page.at(R"(coredepot_folder_bytes{folder="coredumps"})"),
              std::stod(stack().sql_value("SELECT sum(size) FROM coredumps")));
    upload_firmware(device.model, esp_image("1.0.0", "", 100'000));
    EXPECT_GE(scrape().at(R"(coredepot_folder_bytes{folder="assets"})"), 100'000);
    for (const auto* folder : {"coredumps", "assets"}) {
        const auto labels = "{folder=\"" + std::string(folder) + "\"}";
        EXPECT_GT(page.at("coredepot_folder_free_bytes" + labels), 0);
        EXPECT_GE(page.at("coredepot_folder_file_system_bytes" + labels),
                  page.at("coredepot_folder_free_bytes" + labels));
    }
    EXPECT_EQ(page.at("coredepot_database_up"), 1);
    EXPECT_EQ(page.at("coredepot_sidecar_configured"), 1);
}

TEST(Metrics, NeverGoBackwardsWhicheverProcessIsAsked) {
    const auto device = make_device();
    in_parallel(4, [&](std::size_t number) {
        auto client = stack().client();
        if (number == 0) {
            for (int i = 0; i < 50; ++i) client.post(upload_target(device.key), "a core dump");
            return;
        }
        auto last = MetricsPage::of(client);
        for (int i = 0; i < 20; ++i) {
            auto page = MetricsPage::of(client);
            for (const auto& [series, value] : last.samples()) {
                if (series.find("_total") == std::string::npos) continue;
                EXPECT_GE(page.at(series), value) << series;
            }
            last = std::move(page);
        }
    });
}

TEST(Metrics, OutliveHandlersThatAreKilled) {
    const auto device = make_device();
    EXPECT_EQ(increase(kUploads,
                       [&] {
                           upload_in_parallel(device, 4, 5);
                           for (const auto& [pid, name] : stack().handlers()) {
                               if (name == "upload" || name == "status") ::kill(pid, SIGKILL);
                           }
                           EXPECT_TRUE(eventually([] { return stack().has_all_handlers(); }));
                           upload_in_parallel(device, 4, 5);
                       }),
              40);
    accept_new_handlers();
}

TEST(Metrics, WhileTheDatabaseIsAwaySayThatAndWhatElseIsKnown) {
    close_database();
    const auto page = scrape();
    EXPECT_EQ(page.at("coredepot_database_up"), 0);
    EXPECT_FALSE(page.has(R"(coredepot_coredumps{status="PENDING"})"));
    EXPECT_FALSE(page.has("coredepot_oldest_pending_age_seconds"));
    EXPECT_FALSE(page.has(R"(coredepot_folder_bytes{folder="coredumps"})"));
    EXPECT_TRUE(page.has(R"(coredepot_folder_free_bytes{folder="coredumps"})"));
    EXPECT_TRUE(page.has(kUploads));
    open_database();
    EXPECT_TRUE(eventually([] { return scrape().at("coredepot_database_up") == 1; }));
}

TEST(Metrics, AreForThisMachineAndThoseWhoWereAllowed) {
    const auto from = [](const std::string& address) {
        return HttpClient(stack().url(), {}, address).get("/metrics");
    };
    EXPECT_EQ(from("127.0.0.1").status, 200);
    EXPECT_TRUE(is_error(from("127.0.0.2"), 403, "AUTHORIZATION_FAILED"));
    EXPECT_EQ(HttpClient(stack().url(), {}, "127.0.0.2").get("/health").status, 200);

    const auto allowed = stack().state() / "nginx/etc/metrics-allow.conf";
    write_file(allowed, "allow 127.0.0.2;\n");
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return from("127.0.0.2").status == 200; }));
    EXPECT_TRUE(is_error(from("127.0.0.3"), 403, "AUTHORIZATION_FAILED"));
    std::filesystem::remove(allowed);
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return from("127.0.0.2").status == 403; }));
}

TEST(Metrics, TakeAProxysWordForAnAddressWhereThatIsConfigured) {
    const auto as = [](const std::string& address) {
        return HttpClient(stack().url(), {"X-Forwarded-For: " + address}).get("/metrics");
    };
    EXPECT_EQ(as("192.0.2.7").status, 200);  // anybody can write that
    const auto proxies = stack().state() / "nginx/etc/real-ip.conf";
    write_file(proxies, "set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;\n");
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return as("192.0.2.7").status == 403; }));
    EXPECT_TRUE(is_error(as("127.0.0.1, 192.0.2.7"), 403, "AUTHORIZATION_FAILED"));
    EXPECT_EQ(as("127.0.0.1").status, 200);
    EXPECT_TRUE(eventually([] {
        return read_bytes(stack().state() / "log/access.log").find("\n192.0.2.7 ") !=
               std::string::npos;
    }));
    std::filesystem::remove(proxies);
    EXPECT_TRUE(stack().reload_nginx());
    EXPECT_TRUE(eventually([&] { return as("192.0.2.7").status == 200; }));
}

// They are the longest of all answers but files, so they would be the first to be cut.
TEST(Metrics, AreNotCutWhenNginxReloads) {
    in_parallel(4, [](std::size_t client) {
        for (int i = 0; i < 100; ++i) {
            if (client == 0 && i % 10 == 0) stack().reload_nginx();
            EXPECT_EQ(HttpClient(stack().url()).get("/metrics").status, 200);
        }
    });
}

TEST(Metrics, OutliveTheStack) {
    const auto before = scrape().at(kUploads);
    EXPECT_GT(before, 0);
    restart_stack({});
    EXPECT_EQ(scrape().at(kUploads), before);
    upload(make_device(make_model("after_restart")));
    EXPECT_EQ(scrape().at(kUploads), before + 1);
}

TEST(Metrics, WithoutAPlaceToCountInAreNoReasonNotToServe) {
    restart_stack({{"METRICS_DIR", (stack().state() / "missing").string()}});
    upload(make_device(make_model("not_counted")));
    EXPECT_EQ(scrape().at(kUploads), 0);
    EXPECT_NE(stack().logs().at("upload.log").find("metrics are not counted"), std::string::npos);
    restart_stack({});
}

}  // namespace
