// Core dumps in a bucket, on a machine that has nothing of its own but STATE_DIR.

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/s3_server.hpp"

using namespace coredepot::test;

namespace {

S3Server& store() {
    static S3Server server;
    return server;
}

const bool kStack = use_stack([] {
    auto settings = store().settings();
    settings.insert({{"COREDUMPS_DIR", ""}, {"PARSE_WATCH", "true"}, {"MAX_COREDUMPS", "3"}});
    return settings;
});

class ObjectStorage : public testing::Test {
  protected:
    ObjectStorage() { store().behave(); }

    static HttpResponse get(const std::string& target, const HttpClient::Headers& headers = {}) {
        return stack().client().get(target, headers);
    }
    static std::string download_path(const FleetDevice& device, std::int64_t id) {
        return device.coredump_path(id) + "/download";
    }
    /// What the device uploads while something is away.
    static std::string spool(const FleetDevice& device, const std::string& bytes) {
        const auto response = stack().client().post(upload_target(device.key), bytes);
        EXPECT_EQ(response.status, 202) << response.body;
        return response.json().at("filename").text();
    }
    static bool has_row(const FleetDevice& device, const std::string& filename) {
        return stack().sql_value(
                   "SELECT count(*) FROM coredumps WHERE device_id = " + std::to_string(device.id) +
                   " AND filename = '" + filename + "' AND object IS NOT NULL") == "1";
    }
    static std::vector<std::string> keys(const std::string& of) {
        std::vector<std::string> found;
        for (const auto& key : store().keys()) {
            if (key.starts_with(of)) found.push_back(key);
        }
        return found;
    }
};

TEST_F(ObjectStorage, GivesTheBytesAsUploaded) {
    const auto device = make_device();
    std::string bytes;
    for (int i = 0; i < 1'000'000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
    const auto coredump = upload(device, bytes);
    ASSERT_EQ(keys("coredumps/" + device.key + '/').size(), 1U);
    const auto response = get(download_path(device, coredump.id));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(response.body == bytes);
    EXPECT_EQ(response.header("content-type"), "application/octet-stream");
    EXPECT_EQ(response.header("content-disposition"),
              "attachment; filename=\"" + coredump.filename + '"');
    EXPECT_EQ(response.header("content-length"), "1000000");

    const auto head = stack().client().head(download_path(device, coredump.id));
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("content-length"), "1000000");
    EXPECT_EQ(head.header("content-disposition"), response.header("content-disposition"));
    EXPECT_TRUE(head.body.empty());
}

TEST_F(ObjectStorage, KnowsRanges) {
    const auto device = make_device();
    const auto path = download_path(device, upload(device, "0123456789").id);
    const auto range = get(path, {"Range: bytes=2-4"});
    EXPECT_EQ(range.status, 206);
    EXPECT_EQ(range.body, "234");
    EXPECT_EQ(range.header("content-range"), "bytes 2-4/10");
    EXPECT_EQ(get(path, {"Range: bytes=7-"}).body, "789");
    EXPECT_EQ(get(path, {"Range: bytes=-2"}).body, "89");
    EXPECT_TRUE(is_error(get(path, {"Range: bytes=10-"}), 416, "VALIDATION_FAILED"));
    // Two at once are all of it, and so is what may have changed: there is no tag, and a date says
    // nothing.
    EXPECT_EQ(get(path, {"Range: bytes=0-1,4-5"}).body, "0123456789");
    for (const auto* validator : {"\"x\"", "Fri, 01 Jan 2100 00:00:00 GMT"}) {
        const auto whole = get(path, {"Range: bytes=2-4", std::string("If-Range: ") + validator});
        EXPECT_EQ(whole.status, 200) << validator;
        EXPECT_EQ(whole.body, "0123456789") << validator;
    }
    EXPECT_EQ(get(path, {"If-None-Match: \"x\""}).status, 200);
    EXPECT_EQ(get(path, {"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"}).status, 200);
}

TEST_F(ObjectStorage, TheStoreLearnsNothingOfTheClientNorTheClientOfTheStore) {
    const auto device = make_device();
    const auto path = download_path(device, upload(device).id);
    const auto response =
        get(path, {"Authorization: Bearer secret-of-client", "Cookie: secret=of-client",
                   "X-Amz-Date: of-client", "Accept-Encoding: gzip", "User-Agent: of-client"});
    EXPECT_EQ(response.status, 200);  // the store would refuse a header of S3's that is not signed
    for (const auto* name : {"server-of-store", "x-amz-request-id", "x-amz-id-2",
                             "x-amz-meta-coredepot-record", "etag", "last-modified", "x-source-url",
                             "x-source-host", "x-source-name", "set-cookie"}) {
        EXPECT_EQ(response.header(name), "") << name;
    }
    EXPECT_NE(response.header("x-request-id"), "");
    EXPECT_EQ(response.header("x-content-type-options"), "nosniff");
}

TEST_F(ObjectStorage, AnObjectThatIsGoneIsNotFound) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto path = download_path(device, coredump.id);
    const auto text = "Coredump " + std::to_string(coredump.id) + " was not found";
    // Between the handler's question and nginx's.
    store().misbehave({{"status", "get", 0, 0, 404, "NoSuchKey", "fleet/coredumps/" + device.key}});
    const auto gone = get(path);
    EXPECT_TRUE(is_error(gone, 404, "RECORD_NOT_FOUND", "The core dump's file was not found"))
        << gone.body;
    EXPECT_EQ(gone.header("content-disposition"), "");
    store().clear();
    store().behave();
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND", text));
}

TEST_F(ObjectStorage, WhileTheStoreIsAwayDownloadsAreNotAvailable) {
    const auto device = make_device();
    const auto path = download_path(device, upload(device).id);
    const auto expect_unavailable = [&](const std::string& why) {
        const auto response = get(path);
        EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE",
                             "The service is not available at the moment"))
            << why;
        EXPECT_EQ(response.header("retry-after"), "5") << why;
        EXPECT_EQ(response.header("content-disposition"), "") << why;
    };
    const auto key = "fleet/coredumps/" + device.key;
    for (const auto* operation : {"head", "get"}) {
        for (const int status : {403, 500, 503}) {
            store().misbehave({{"status", operation, 0, 0, status, "SlowDown", key}});
            expect_unavailable(operation + std::to_string(status));
        }
        store().misbehave({{"drop", operation, 0, 0, 0, "", key}});
        expect_unavailable(std::string(operation) + " dropped");
    }
    store().go_down();
    expect_unavailable("down");
    store().come_back();
    EXPECT_EQ(get(path).status, 200);
}

TEST_F(ObjectStorage, WhatTheStoreSaysOfRedirectsIsNotFollowed) {
    const auto device = make_device();
    const auto path = download_path(device, upload(device).id);
    store().misbehave(
        {{"status", "get", 0, 0, 307, "TemporaryRedirect", "fleet/coredumps/" + device.key}});
    EXPECT_TRUE(is_error(get(path), 503, "SERVICE_UNAVAILABLE"));
}

TEST_F(ObjectStorage, IsParsedFromTheBucket) {
    const auto device = make_device();
    const auto id = upload(device).id;
    // There is no bundle of its version: the sidecar had it, and that is what it came to.
    EXPECT_TRUE(eventually(
        [&] { return get(device.coredump_path(id)).json().at("parse_status").text() == "ERROR"; }));
    const auto output = get(device.coredump_path(id)).json().at("parsed_output").text();
    EXPECT_EQ(output.find("gone"), std::string::npos) << output;
}

TEST_F(ObjectStorage, WhatTheStoreDoesNotTakeWaitsOnThisMachine) {
    const auto device = make_device();
    store().go_down();
    const auto filename = spool(device, "a core dump");
    EXPECT_EQ(file_names_below(stack().state() / "machine/.spool").size(), 1U);
    store().come_back();
    EXPECT_TRUE(eventually([&] { return has_row(device, filename); }));
    EXPECT_TRUE(
        eventually([] { return file_names_below(stack().state() / "machine/.spool").empty(); }));
    EXPECT_EQ(get(download_path(device, rows_of(device).at(0))).body, "a core dump");
}

TEST_F(ObjectStorage, WhatTheDatabaseDoesNotTakeWaitsInTheBucket) {
    const auto device = make_device();
    close_database();
    const auto filename = spool(device, "a core dump");
    EXPECT_EQ(keys("spool/" + device.key + '/').size(), 1U);
    auto client = stack().client();
    const auto metrics = MetricsPage::of(client);
    EXPECT_EQ(metrics.at("coredepot_bucket_spool_objects"), 1);
    EXPECT_GT(metrics.at("coredepot_bucket_spool_bytes"), 11);
    EXPECT_GE(metrics.at("coredepot_bucket_spool_oldest_age_seconds"), 0);
    open_database();
    EXPECT_TRUE(eventually([&] { return has_row(device, filename); }));
    EXPECT_TRUE(eventually([] { return keys("spool/").empty(); }));
    EXPECT_EQ(get(download_path(device, rows_of(device).at(0))).body, "a core dump");
}

TEST_F(ObjectStorage, WhatGoesTakesItsObjectAlong) {
    const auto device = make_device();
    std::int64_t last = 0;
    for (int i = 0; i < 5; ++i) last = upload(device, "dump " + std::to_string(i)).id;
    EXPECT_EQ(keys("coredumps/" + device.key + '/').size(), 3U) << "MAX_COREDUMPS";
    EXPECT_EQ(stack().client().del(device.coredump_path(last)).status, 204);
    EXPECT_EQ(keys("coredumps/" + device.key + '/').size(), 2U);
    EXPECT_EQ(stack().client().del(device.path()).status, 204);
    EXPECT_EQ(keys("coredumps/" + device.key + '/').size(), 0U);
}

}  // namespace
