// /api/devices/{device_id}/coredumps: list, detail, download, delete.

#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "gzip.hpp"
#include "parse_result_json.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"
#include "text/hex.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

const std::set<std::string> kSummary = {
    "id",   "device_id",    "filename",    "chip",      "firmware_version",
    "size", "parse_status", "uploaded_at", "parsed_at", "created_at"};

HttpResponse get(const std::string& target, const HttpClient::Headers& headers = {}) {
    return stack().client().get(target, headers);
}

void expect_time(const std::string& text) {
    const std::regex pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z");
    EXPECT_TRUE(std::regex_match(text, pattern)) << text;
}

/// As the parse runner would have left it.
void set_parsed(std::int64_t coredump, const std::string& output) {
    stack().sql(
        "UPDATE coredumps SET parse_status = 'PARSED', parsed_at = now(), parsed_output = '" +
        output + "' WHERE id = " + std::to_string(coredump));
}

/// Ids that name nothing, whoever asks: as they come in a path.
std::vector<std::string> bad_ids() {
    return {"0",
            "-1",
            "+1",
            "abc",
            "1x",
            "1.0",
            "0x1",
            "1e0",
            "%31%00",
            "99999999999999999999",
            "9223372036854775808",
            "-9223372036854775809",
            "%20",
            "1%20",
            "%2e%2e",
            "%ff",
            "%c3%28",
            "1%0a",
            "null",
            std::string(300, '9')};
}

TEST(List, NewestFirstWithAndWithoutTheSlash) {
    const auto device = make_device();
    const auto first = upload(device, "1");
    const auto second = upload(device, "two");
    const auto third = upload(device, "3");
    set_parsed(second.id, "frames");
    for (const auto* slash : {"", "/"}) {
        const auto response = get(device.coredumps_path() + slash);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_EQ(response.header("content-type"), "application/json");
        const auto list = response.json();
        EXPECT_EQ(list.at("count").integer(), 3);
        ASSERT_EQ(list.at("coredumps").size(), 3U);
        EXPECT_EQ(list.at("coredumps").at(0).at("id").integer(), third.id);
        EXPECT_EQ(list.at("coredumps").at(1).at("id").integer(), second.id);
        EXPECT_EQ(list.at("coredumps").at(2).at("id").integer(), first.id);
    }
}

TEST(List, SummaryHasTheFieldsOfTheContract) {
    const auto device = make_device();
    const auto coredump = upload(device, "12345", "esp32s3", "2.0 beta");
    const auto path = device.coredumps_path();
    auto summary = get(path).json().at("coredumps").at(0);
    for (const auto& field : kSummary) EXPECT_TRUE(summary.has(field)) << field;
    EXPECT_FALSE(summary.has("parsed_output"));
    EXPECT_EQ(summary.at("id").integer(), coredump.id);
    EXPECT_EQ(summary.at("device_id").integer(), device.id);
    EXPECT_EQ(summary.at("filename").text(), coredump.filename);
    EXPECT_EQ(summary.at("chip").text(), "esp32s3");
    EXPECT_EQ(summary.at("firmware_version").text(), "2.0 beta");
    EXPECT_EQ(summary.at("size").integer(), 5);
    EXPECT_EQ(summary.at("parse_status").text(), "PENDING");
    EXPECT_TRUE(summary.at("parsed_at").is_null());
    for (const auto* time : {"uploaded_at", "created_at"}) {
        expect_time(summary.at(time).text());
    }
    set_parsed(coredump.id, "frames");
    summary = get(path).json().at("coredumps").at(0);
    EXPECT_EQ(summary.at("parse_status").text(), "PARSED");
    expect_time(summary.at("parsed_at").text());
    EXPECT_FALSE(summary.has("parsed_output"));
}

TEST(List, EmptyAndUnknownDevice) {
    const auto device = make_device();
    const auto empty = get(device.coredumps_path());
    EXPECT_EQ(empty.status, 200);
    EXPECT_EQ(empty.json().at("count").integer(), 0);
    EXPECT_EQ(empty.json().at("coredumps").size(), 0U);
    const auto unknown = std::to_string(device.id + 1'000'000);
    EXPECT_TRUE(is_error(get("/api/devices/" + unknown + "/coredumps"), 404, "RECORD_NOT_FOUND",
                         "Device " + unknown + " was not found"));
    EXPECT_TRUE(is_error(get("/api/devices/" + unknown + "/coredumps/"), 404, "RECORD_NOT_FOUND"));
}

TEST(List, HeadHasNoBody) {
    const auto device = make_device();
    upload(device);
    const auto response = stack().client().head(device.coredumps_path());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_TRUE(response.body.empty());
}

TEST(Detail, HasTheOutputOnceParsed) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto path = device.coredump_path(coredump.id);
    auto detail = get(path).json();
    for (const auto& field : kSummary) EXPECT_TRUE(detail.has(field)) << field;
    EXPECT_TRUE(detail.at("parsed_output").is_null());
    EXPECT_TRUE(detail.at("parsed_at").is_null());
    expect_time(detail.at("updated_at").text());
    set_parsed(coredump.id, "#0  0x42 in \"f\" \\ <\xc3\xa9>\n\tat x.c:1");
    detail = get(path).json();
    EXPECT_EQ(detail.at("parse_status").text(), "PARSED");
    EXPECT_EQ(detail.at("parsed_output").text(), "#0  0x42 in \"f\" \\ <\xc3\xa9>\n\tat x.c:1");
    expect_time(detail.at("parsed_at").text());
}

// As parse_runner records it (shared/parse_result_json.hpp). Whoever takes no gzip gets the same.
TEST(Detail, ComesPackedForWhoTakesThat) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto path = device.coredump_path(coredump.id);
    set_parsed(coredump.id, "frames");
    const auto unpacked = get(path);
    EXPECT_TRUE(unpacked.header("content-encoding").empty());
    EXPECT_TRUE(unpacked.header("vary").empty());

    const auto packed = coredepot::gzip(coredepot::parse_result_json("frames", std::nullopt));
    stack().sql("UPDATE coredumps SET parsed_output = '', packed_result = '\\x" +
                coredepot::to_hex(packed) + "' WHERE id = " + std::to_string(coredump.id));
    for (const auto& one : {path, "/api/coredumps/" + std::to_string(coredump.id)}) {
        const auto answer = get(one, {"Accept-Encoding: gzip"});
        EXPECT_EQ(answer.header("content-encoding"), "gzip");
        EXPECT_EQ(answer.header("vary"), "Accept-Encoding");
        EXPECT_EQ(std::get<std::string>(coredepot::gunzip(answer.body, 65'536)), unpacked.body);
        for (const HttpClient::Headers& headers : {HttpClient::Headers{},
                                                   {"Accept-Encoding: identity"},
                                                   {"Accept-Encoding: gzip;q=0"}}) {
            const auto plain = get(one, headers);
            EXPECT_TRUE(plain.header("content-encoding").empty());
            EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
            EXPECT_EQ(plain.body, unpacked.body);
        }
    }
    const auto head = stack().client().head(path, {"Accept-Encoding: gzip"});
    EXPECT_EQ(head.header("content-encoding"), "gzip");
    EXPECT_TRUE(head.body.empty());
}

TEST(Foreign, DumpIsNotFoundLikeOneThatDoesNotExist) {
    const auto owner = make_device();
    const auto other = make_device(owner.model);
    upload(other);
    const auto coredump = upload(owner);
    const auto missing = coredump.id + 1'000'000;
    for (const auto* end : {"", "/download"}) {
        for (const auto id : {coredump.id, missing}) {
            const auto response = get(other.coredump_path(id) + end);
            EXPECT_TRUE(is_error(response, 404, "RECORD_NOT_FOUND",
                                 "Coredump " + std::to_string(id) + " was not found"));
        }
    }
    for (const auto id : {coredump.id, missing}) {
        EXPECT_TRUE(is_error(stack().client().del(other.coredump_path(id)), 404, "RECORD_NOT_FOUND",
                             "Coredump " + std::to_string(id) + " was not found"));
    }
    EXPECT_EQ(get(owner.coredump_path(coredump.id)).status, 200);
    EXPECT_EQ(get(owner.coredump_path(coredump.id) + "/download").status, 200);
}

TEST(Foreign, UnknownDeviceIsNamed) {
    const auto device = make_device();
    const auto coredump = std::to_string(upload(device).id);
    const auto nobody = std::to_string(device.id + 1'000'000);
    const auto path = "/api/devices/" + nobody + "/coredumps/" + coredump;
    const auto text = "Device " + nobody + " was not found";
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(get(path + "/download"), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(stack().client().del(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(stack().client().del("/api/devices/" + nobody + "/coredumps"), 404,
                         "RECORD_NOT_FOUND", text));
}

TEST(Ids, ThatAreNoneNameNothing) {
    const auto device = make_device();
    upload(device);
    auto client = stack().client();
    for (const auto& id : bad_ids()) {
        const auto coredump = device.coredumps_path() + '/' + id;
        const auto coredumps = "/api/devices/" + id + "/coredumps";
        for (const auto& path : {coredump, coredump + "/download", coredumps, coredumps + "/1",
                                 coredumps + "/1/download"}) {
            const auto status = client.get(path).status;
            // nginx does not let a NUL through, and cleans dots off the path.
            EXPECT_TRUE(status == 404 || (status == 400 && id.ends_with("%00")) || id == "%2e%2e")
                << path << ' ' << status;
        }
        if (id == "%2e%2e") continue;
        EXPECT_GE(client.del(coredump).status, 400) << coredump;
        EXPECT_GE(client.del(coredumps).status, 400) << coredumps;
    }
    EXPECT_EQ(rows_of(device).size(), 1U);
}

TEST(Download, GivesTheBytesAsUploaded) {
    const auto device = make_device();
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
    const auto coredump = upload(device, bytes);
    const auto path = device.coredump_path(coredump.id) + "/download";
    const auto response = get(path);
    ASSERT_EQ(response.status, 200);
    EXPECT_TRUE(response.body == bytes);
    EXPECT_EQ(response.header("content-type"), "application/octet-stream");
    EXPECT_EQ(response.header("content-disposition"),
              "attachment; filename=\"" + coredump.filename + '"');
    EXPECT_EQ(response.header("content-length"), "100000");

    const auto head = stack().client().head(path);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("content-length"), "100000");
    EXPECT_EQ(head.header("content-disposition"), response.header("content-disposition"));
    EXPECT_TRUE(head.body.empty());
}

TEST(Download, KnowsRanges) {
    const auto device = make_device();
    const auto coredump = upload(device, "0123456789");
    const auto path = device.coredump_path(coredump.id) + "/download";
    const auto range = get(path, {"Range: bytes=2-4"});
    EXPECT_EQ(range.status, 206);
    EXPECT_EQ(range.body, "234");
    EXPECT_EQ(range.header("content-range"), "bytes 2-4/10");
    EXPECT_EQ(get(path, {"Range: bytes=7-"}).body, "789");
    EXPECT_EQ(get(path, {"Range: bytes=-2"}).body, "89");
    EXPECT_EQ(get(path, {"Range: bytes=10-"}).status, 416);
}

TEST(Download, FileThatIsGoneIsNotFoundAndStaysListed) {
    const auto device = make_device();
    const auto coredump = upload(device);
    fs::remove(device.folder() / coredump.filename);
    const auto response = get(device.coredump_path(coredump.id) + "/download");
    EXPECT_TRUE(is_error(response, 404, "RECORD_NOT_FOUND",
                         "Coredump " + std::to_string(coredump.id) + " was not found"));
    EXPECT_EQ(get(device.coredumps_path()).json().at("count").integer(), 1);
    EXPECT_EQ(get(device.coredump_path(coredump.id)).status, 200);
}

TEST(Download, FolderThatIsNotThereIsNotAvailable) {
    const auto device = make_device();
    const auto path = device.coredump_path(upload(device).id) + "/download";
    const auto elsewhere = stack().coredumps_dir().string() + "-elsewhere";
    fs::rename(stack().coredumps_dir(), elsewhere);
    const auto response = get(path);
    fs::rename(elsewhere, stack().coredumps_dir());
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE",
                         "The service is not available at the moment"));
    EXPECT_NE(response.header("retry-after"), "");
    EXPECT_EQ(get(path).status, 200);
}

TEST(Download, InternalFilesHaveNoAddressOfTheirOwn) {
    const auto device = make_device();
    const auto coredump = upload(device);
    for (const auto& path :
         {"/_internal/coredumps/" + device.key + '/' + coredump.filename,
          "/_internal/coredumps/../" + device.key, std::string("/_internal/"),
          std::string("/_internal/error"), std::string("/_internal/images/x.bin")}) {
        EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND")) << path;
    }
}

TEST(Delete, TakesRowAndFile) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto kept = upload(device);
    const auto path = device.coredump_path(coredump.id);
    const auto response = stack().client().del(path);
    EXPECT_EQ(response.status, 204);
    EXPECT_TRUE(response.body.empty());
    EXPECT_EQ(rows_of(device), std::vector<std::int64_t>{kept.id});
    EXPECT_EQ(names_in(device.folder()), std::vector<std::string>{kept.filename});
    EXPECT_TRUE(is_error(stack().client().del(path), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND"));
}

TEST(Delete, FileThatIsGoneAlreadyIsNoError) {
    const auto device = make_device();
    const auto coredump = upload(device);
    fs::remove_all(device.folder());
    EXPECT_EQ(stack().client().del(device.coredump_path(coredump.id)).status, 204);
    EXPECT_TRUE(rows_of(device).empty());
}

TEST(Delete, AllOfADeviceWithAndWithoutTheSlash) {
    const auto device = make_device();
    const auto other = make_device(device.model);
    upload(other);
    for (const auto* slash : {"", "/"}) {
        for (int i = 0; i < 3; ++i) upload(device);
        fs::remove(device.folder() / names_in(device.folder()).front());
        EXPECT_EQ(stack().client().del(device.coredumps_path() + slash).status, 204);
        EXPECT_TRUE(rows_of(device).empty());
        EXPECT_TRUE(names_in(device.folder()).empty());
        // There is nothing to delete now, which is what was asked for.
        EXPECT_EQ(stack().client().del(device.coredumps_path() + slash).status, 204);
    }
    EXPECT_EQ(rows_of(other).size(), 1U);
    EXPECT_EQ(names_in(other.folder()).size(), 1U);
}

TEST(Delete, WhileItIsBeingParsed) {
    const auto device = make_device();
    const auto one = upload(device);
    upload(device);
    stack().sql(
        "UPDATE coredumps SET lease = gen_random_uuid(), attempts = 1, next_attempt_at = "
        "now() + interval '30 s' WHERE device_id = " +
        std::to_string(device.id));
    EXPECT_EQ(stack().client().del(device.coredump_path(one.id)).status, 204);
    EXPECT_EQ(rows_of(device).size(), 1U);
    EXPECT_EQ(stack().client().del(device.coredumps_path()).status, 204);
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_TRUE(names_in(device.folder()).empty());
}

TEST(Methods, OtherOnesAreNotAllowed) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto path = device.coredump_path(coredump.id);
    auto client = stack().client();
    const auto expect_allow = [&](const std::string& method, const std::string& target,
                                  const std::set<std::string>& allowed) {
        const auto response = client.send({method, target, {}, {}});
        EXPECT_EQ(response.status, 405) << method << ' ' << target;
        std::set<std::string> allow;
        std::stringstream list(response.header("allow"));
        for (std::string name; std::getline(list >> std::ws, name, ',');) allow.insert(name);
        EXPECT_EQ(allow, allowed) << method << ' ' << target;
    };
    for (const auto* method : {"POST", "PUT", "PATCH", "OPTIONS", "BREW"}) {
        expect_allow(method, device.coredumps_path(), {"GET", "HEAD", "DELETE"});
        expect_allow(method, device.coredumps_path() + '/', {"GET", "HEAD", "DELETE"});
        expect_allow(method, path, {"GET", "HEAD", "DELETE"});
        expect_allow(method, path + "/download", {"GET", "HEAD"});
    }
    expect_allow("DELETE", path + "/download", {"GET", "HEAD"});
    EXPECT_EQ(rows_of(device).size(), 1U);
}

}  // namespace
