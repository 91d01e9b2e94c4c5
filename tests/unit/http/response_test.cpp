#include "http/response.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "gzip.hpp"
#include "http/paging.hpp"
#include "http/views.hpp"
#include "metrics/catalogue.hpp"
#include "parse_result_json.hpp"

namespace coredepot::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(Response, IsAnInternalErrorUntilSomebodyKnowsBetter) {
    EXPECT_EQ(Response{}.status, 500);
}

// A new status is added to both.
TEST(ReasonPhrase, EveryStatusThatIsCountedHasOneAndNoOther) {
    for (int status = 100; status < 600; ++status) {
        EXPECT_EQ(reason_phrase(status) != "Unknown",
                  std::ranges::find(metrics::kStatusCodes, status) != metrics::kStatusCodes.end())
            << status;
    }
}

TEST(FileResponse, PointsTheWebServerToTheFile) {
    const auto response = file_response({"/_internal/coredumps/k/f.dmp", "f.dmp", ""});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(response.headers,
              (Headers{{"X-Accel-Redirect", "/_internal/coredumps/k/f.dmp"},
                       {"Content-Type", "application/octet-stream"},
                       {"Content-Disposition", "attachment; filename=\"f.dmp\""}}));
}

TEST(FileResponse, CarriesAnETagUnderAnotherName) {
    const auto response = file_response({"/x", "x", "\"abc\""});
    EXPECT_EQ(response.headers.back(), (std::pair<std::string, std::string>{"X-ETag", "\"abc\""}));
}

TEST(FileResponse, LocationsArePercentEncoded) {
    const auto response = file_response({"/a b/%41?x#\r\n\xff\"~-._", "x", ""});
    EXPECT_EQ(response.headers.front().second, "/a%20b/%2541%3Fx%23%0D%0A%FF%22~-._");
}

CoredumpSummary summary() {
    return {17,
            3,
            DumpFilename::trusted("coredump_20260211T143000_123456Z.dmp"),
            "esp32c3",
            "1.2.3",
            4096,
            ParseStatus::Pending,
            Timestamp(std::chrono::microseconds(1)),
            std::nullopt,
            Timestamp(std::chrono::microseconds(2)),
            std::nullopt,
            std::nullopt,
            1,
            Timestamp(std::chrono::microseconds(5)),
            Timestamp(std::chrono::microseconds(6))};
}

TEST(Views, CoredumpSummary) {
    json::Writer writer;
    write(writer, summary());
    EXPECT_EQ(writer.take(),
              R"({"id":17,"device_id":3,"filename":"coredump_20260211T143000_123456Z.dmp",)"
              R"("chip":"esp32c3","firmware_version":"1.2.3","size":4096,)"
              R"("parse_status":"PENDING","uploaded_at":"1970-01-01T00:00:00.000001Z",)"
              R"("parsed_at":null,"created_at":"1970-01-01T00:00:00.000002Z",)"
              R"("signature":null,"title":null,"attempts":1,)"
              R"("next_attempt_at":"1970-01-01T00:00:00.000005Z",)"
              R"("file_expired_at":"1970-01-01T00:00:00.000006Z"})");
}

CoredumpDetail detail() {
    auto parsed = summary();
    parsed.parse_status = ParseStatus::Parsed;
    parsed.parsed_at = Timestamp(std::chrono::microseconds(3));
    parsed.signature = "0123456789abcdef";
    parsed.title = "abort in main (main.c:1)";
    return {parsed,
            "#0 x\n",
            Timestamp(std::chrono::microseconds(4)),
            R"({"chip": "esp32c3"})",
            std::nullopt,
            std::nullopt,
            CoredumpIssue{12, "THERMOSTAT-12"},
            "1.4.2",
            std::nullopt};
}

TEST(Views, CoredumpDetailAddsOutputAndUpdate) {
    const auto response = to_response(detail());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers, (Headers{{"Content-Type", "application/json"}}));
    const auto& text = response.body;
    EXPECT_NE(text.find(R"("parse_status":"PARSED")"), std::string::npos);
    EXPECT_NE(text.find(R"("parsed_at":"1970-01-01T00:00:00.000003Z")"), std::string::npos);
    EXPECT_NE(text.find(R"("parsed_output":"#0 x\n")"), std::string::npos);
    EXPECT_NE(text.find(R"x("signature":"0123456789abcdef","title":"abort in main (main.c:1)")x"),
              std::string::npos);
    EXPECT_NE(text.find(R"("report":{"chip": "esp32c3"})"), std::string::npos);
    EXPECT_NE(text.find(R"("decoded_version":"1.4.2","issue":{"id":12,"name":"THERMOSTAT-12"})"),
              std::string::npos);
    EXPECT_NE(text.find(R"("updated_at":"1970-01-01T00:00:00.000004Z")"), std::string::npos);
}

TEST(Views, APackedResultIsSentPackedAndSaysTheSame) {
    auto packed = detail();
    packed.packed = gzip(parse_result_json(packed.parsed_output, packed.report));
    packed.parsed_output.reset();
    packed.report.reset();
    const auto response = to_response(packed);
    EXPECT_EQ(response.headers,
              (Headers{{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}));
    EXPECT_EQ(std::get<std::string>(gunzip(response.body, 65'536)), to_response(detail()).body);
}

TEST(Views, DeviceModelWithAndWithoutFirmware) {
    DeviceModel model{1, ModelCode::trusted("a"), "A", std::nullopt, 2};
    json::Writer without;
    write(without, model);
    EXPECT_EQ(without.take(),
              R"({"id":1,"code":"a","name":"A","firmware_version":null,"device_count":2})");
    model.firmware_version = FirmwareVersion::trusted("1.0");
    json::Writer with;
    write(with, model);
    EXPECT_EQ(with.take(),
              R"({"id":1,"code":"a","name":"A","firmware_version":"1.0","device_count":2})");
}

TEST(Views, Device) {
    json::Writer writer;
    write(writer, Device{1, DeviceKey::trusted("abcd1234"), 2, ModelCode::trusted("a"),
                         std::nullopt, std::nullopt});
    EXPECT_EQ(writer.take(), R"({"id":1,"key":"abcd1234","device_model_id":2,"device_name":null,)"
                             R"("last_coredump_at":null,"client_id":"iotdevice-a-abcd1234",)"
                             R"("running_version":null,"running_seen_at":null})");
}

TEST(Views, ListsAreCountedPages) {
    using CoredumpPage = Page<CoredumpSummary, CoredumpPosition>;
    const Cursor list("coredumps of 2");
    json::Writer none;
    write_page(none, "coredumps", CoredumpPage{}, list);
    EXPECT_EQ(none.take(), R"({"coredumps":[],"count":0,"next":null})");
    json::Writer two;
    write_page(two, "coredumps", CoredumpPage{{summary(), summary()}, CoredumpPosition{{}, 17}},
               list);
    const auto text = two.take();
    EXPECT_TRUE(text.ends_with(R"(],"count":2,"next":")" + list.write({"0", "17"}) + "\"}"))
        << text;
}

}  // namespace
}  // namespace coredepot::http
