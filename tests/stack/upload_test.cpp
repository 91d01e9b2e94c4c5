// POST /api/iot/coredump

#include <regex>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/fleet.hpp"
#include "support/parallel.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

// Dumps stay as they were uploaded: no runner has anything to do.
const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""}, {"MAX_COREDUMPS", "200"}};
});

constexpr std::size_t kMebibyte = 1'048'576;

/// Bytes without a pattern that anything could depend on, every value among them.
std::string bytes_of(std::size_t length) {
    std::string bytes(length, '\0');
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

HttpResponse post(const std::string& target, const std::string& body = "a core dump",
                  const HttpClient::Headers& headers = {}) {
    return stack().client().post(target, body, headers);
}

HttpResponse post_chunked(const std::string& target, const std::string& body) {
    return stack().client().send({"POST", target, body, {}, true});
}

std::string column(const FleetCoredump& coredump, const std::string& name) {
    return stack().sql_value("SELECT " + name +
                             " FROM coredumps WHERE id = " + std::to_string(coredump.id));
}

std::string count_rows() {
    return stack().sql_value("SELECT count(*) FROM coredumps");
}

FleetCoredump accepted(const HttpResponse& response) {
    EXPECT_EQ(response.status, 201) << response;
    return {response.json().at("coredump_id").integer(), response.json().at("filename").text()};
}

/// Sends the head of an upload, as a device does.
void send_head(const RawConnection& connection, const std::string& target,
               const std::string& body_headers) {
    connection.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                    body_headers + "\r\n\r\n");
}

/// Nothing of a device may be left behind by what was refused.
void expect_nothing_stored(const FleetDevice& device) {
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_TRUE(names_in(device.folder()).empty());
}

TEST(Upload, CreatesFileAndRow) {
    const auto device = make_device();
    const auto bytes = bytes_of(5000);
    const auto response = post(upload_target(device.key, "esp32s3", "1.2.3-rc1+7"), bytes);
    ASSERT_EQ(response.status, 201) << response;
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_EQ(response.json().members(),
              (std::set<std::string>{"status", "filename", "coredump_id"}));
    EXPECT_EQ(response.json().at("status").text(), "ok");

    const auto coredump = accepted(response);
    const std::regex pattern("coredump_[0-9]{8}T[0-9]{6}_[0-9]{6}Z\\.dmp");
    EXPECT_TRUE(std::regex_match(coredump.filename, pattern)) << coredump.filename;
    EXPECT_EQ(names_in(device.folder()), std::vector<std::string>{coredump.filename});
    EXPECT_EQ(read_bytes(device.folder() / coredump.filename), bytes);
    struct stat file {};
    ASSERT_EQ(::stat((device.folder() / coredump.filename).c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 07777U, 0640U);

    EXPECT_EQ(column(coredump, "device_id"), std::to_string(device.id));
    EXPECT_EQ(column(coredump, "filename"), coredump.filename);
    EXPECT_EQ(column(coredump, "chip"), "esp32s3");
    EXPECT_EQ(column(coredump, "firmware_version"), "1.2.3-rc1+7");
    EXPECT_EQ(column(coredump, "size"), "5000");
    EXPECT_EQ(column(coredump, "parse_status"), "PENDING");
    EXPECT_EQ(column(coredump, "parsed_output"), "");
    EXPECT_EQ(column(coredump, "parsed_at"), "");
    const auto* in_filename = R"('"coredump_"YYYYMMDD"T"HH24MISS"_"US"Z.dmp"')";
    EXPECT_EQ(column(coredump,
                     "to_char(uploaded_at AT TIME ZONE 'UTC', " + std::string(in_filename) + ")"),
              coredump.filename);
}

TEST(Upload, SetsWhenTheDeviceLastCrashed) {
    const auto device = make_device();
    const auto last = [&] {
        return stack().client().get(device.path()).json().at("last_coredump_at");
    };
    EXPECT_TRUE(last().is_null());
    upload(device);
    const auto second = upload(device);
    const auto detail = stack().client().get(device.coredump_path(second.id)).json();
    EXPECT_EQ(last().text(), detail.at("uploaded_at").text());
}

TEST(Upload, RequiresTheChip) {
    const auto device = make_device();
    const auto* text = "Missing required query parameter: chip";
    const auto key = "&device_key=" + device.key;
    for (const auto* query : {"firmware_version=1.0.0", "chip=&firmware_version=1.0.0",
                              "chip&firmware_version=1", "Chip=esp32&firmware_version=1"}) {
        EXPECT_TRUE(is_error(post("/api/iot/coredump?" + std::string(query) + key), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, RequiresTheFirmwareVersion) {
    const auto device = make_device();
    const auto* text = "Missing required query parameter: firmware_version";
    const auto key = "&device_key=" + device.key;
    for (const auto* query :
         {"chip=esp32", "chip=esp32&firmware_version=", "firmware_version&chip=e"}) {
        EXPECT_TRUE(is_error(post("/api/iot/coredump?" + std::string(query) + key), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, ChecksInTheOrderOfTheContract) {
    const auto device = make_device();
    const std::string path = "/api/iot/coredump?device_key=";
    const std::string nobody = "zzzzzzzz";
    // Each request has this fault and all that are checked later.
    const std::string large(kMebibyte + 1, 'x');
    EXPECT_TRUE(is_error(post("/api/iot/coredump", large), 401, "AUTHENTICATION_REQUIRED"));
    EXPECT_TRUE(is_error(post(path + nobody, large), 400, "VALIDATION_FAILED",
                         "Missing required query parameter: chip"));
    EXPECT_TRUE(is_error(post(path + nobody + "&chip=E/", large), 400, "VALIDATION_FAILED",
                         "Missing required query parameter: firmware_version"));
    EXPECT_TRUE(is_error(post(path + nobody + "&chip=E/&firmware_version=/", large), 400,
                         "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(post(path + nobody + "&chip=e&firmware_version=/", large), 400,
                         "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(post(upload_target(nobody), large), 404, "RECORD_NOT_FOUND",
                         "Device zzzzzzzz was not found"));
    EXPECT_TRUE(is_error(post(upload_target(nobody), ""), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(post(upload_target(device.key), ""), 400, "VALIDATION_FAILED",
                         "No coredump content provided"));
    EXPECT_TRUE(is_error(post(upload_target(device.key), large), 400, "VALIDATION_FAILED",
                         "Coredump exceeds maximum size of 1MB"));
    expect_nothing_stored(device);
}

TEST(Upload, RefusesMalformedChips) {
    const auto device = make_device();
    for (const std::string& chip :
         {std::string("ESP32"), std::string("esp32/"), std::string("esp\\32"), std::string("."),
          std::string("esp-32"), std::string("esp32 "), std::string("esp32\n"),
          std::string("\0", 1), std::string("\xc3\xa9"), std::string("\xff"),
          std::string(51, 'e')}) {
        EXPECT_TRUE(is_error(post(upload_target(device.key, chip)), 400, "VALIDATION_FAILED"))
            << percent_encoded(chip);
    }
    expect_nothing_stored(device);
    EXPECT_EQ(post(upload_target(device.key, std::string(50, 'e'))).status, 201);
}

TEST(Upload, RefusesMalformedFirmwareVersions) {
    const auto device = make_device();
    for (const std::string& version :
         {std::string("1/2"), std::string("1\\2"), std::string(".1"), std::string(".."),
          std::string("../1"), std::string("1\n"), std::string("1\x7f"), std::string("1\0", 2),
          std::string("1\t2"), std::string("\xc3\xa9"), std::string("\xff"),
          std::string(51, '1')}) {
        EXPECT_TRUE(
            is_error(post(upload_target(device.key, "esp32", version)), 400, "VALIDATION_FAILED"))
            << percent_encoded(version);
    }
    expect_nothing_stored(device);
    for (const std::string& version :
         {std::string(50, '1'), std::string("v 1.0 (a;b)&c=d%41+e'\"")}) {
        const auto coredump = accepted(post(upload_target(device.key, "esp32", version)));
        EXPECT_EQ(column(coredump, "firmware_version"), version);
    }
}

TEST(Upload, RequiresADeviceKey) {
    for (const auto* query : {"", "&device_key=", "&device_key", "&Device_Key=abcdefgh"}) {
        const auto response =
            post("/api/iot/coredump?chip=esp32&firmware_version=1" + std::string(query));
        EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED"));
    }
}

TEST(Upload, UnknownDeviceIsNotFound) {
    EXPECT_TRUE(is_error(post(upload_target("nobody00")), 404, "RECORD_NOT_FOUND",
                         "Device nobody00 was not found"));
    EXPECT_FALSE(fs::exists(stack().coredumps_dir() / "nobody00"));
}

TEST(Upload, NoDeviceKeyBecomesAPathUnlessItIsOne) {
    const auto device = make_device();
    upload(device);  // so that there is a folder to get into
    const auto before = names_in(stack().coredumps_dir());
    const auto state = names_in(stack().state());
    const auto rows = count_rows();
    auto upper = device.key;
    upper[0] = 'A';
    for (const std::string& key : {std::string("../../x"),
                                   std::string("..%2f..%2fx"),
                                   std::string("/etc/tmp"),
                                   std::string("../xxxxx"),
                                   std::string("."),
                                   std::string(".."),
                                   std::string("abcdefg"),
                                   std::string("abcdefghi"),
                                   std::string("abc-efgh"),
                                   std::string("ABCDEFGH"),
                                   std::string("abcdefg\0", 8),
                                   device.key + std::string("\0", 1),
                                   device.key + '/',
                                   device.key + "/../x",
                                   device.key + '\n',
                                   "./" + device.key,
                                   upper,
                                   std::string("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"),
                                   std::string("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"),
                                   std::string("' OR 1=1"),
                                   std::string(5000, 'a')}) {
        EXPECT_TRUE(is_error(post(upload_target(key)), 404, "RECORD_NOT_FOUND"))
            << percent_encoded(key);
    }
    EXPECT_EQ(names_in(stack().coredumps_dir()), before);
    EXPECT_EQ(names_in(stack().state()), state);
    EXPECT_EQ(count_rows(), rows);
}

TEST(Upload, RefusesAnEmptyBody) {
    const auto device = make_device();
    const auto* text = "No coredump content provided";
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post(target, ""), 400, "VALIDATION_FAILED", text));
    EXPECT_TRUE(is_error(post_chunked(target, ""), 400, "VALIDATION_FAILED", text));
    const RawConnection connection(stack().port());
    send_head(connection, target, "X-Nothing: said about a body");
    EXPECT_TRUE(is_error(connection.receive_response(), 400, "VALIDATION_FAILED", text));
    expect_nothing_stored(device);
}

TEST(Upload, TakesDumpsUpToAMebibyte) {
    const auto device = make_device();
    for (const std::size_t size : {std::size_t{1}, kMebibyte - 1, kMebibyte}) {
        const auto bytes = bytes_of(size);
        const auto coredump = accepted(post(upload_target(device.key), bytes));
        EXPECT_EQ(column(coredump, "size"), std::to_string(size));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << size;
    }
}

TEST(Upload, RefusesDumpsOverAMebibyte) {
    const auto device = make_device();
    const auto* text = "Coredump exceeds maximum size of 1MB";
    for (const std::size_t size : {kMebibyte + 1, kMebibyte + 100'000}) {
        EXPECT_TRUE(is_error(post(upload_target(device.key), bytes_of(size)), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, NginxRefusesWhatIsFarTooLarge) {
    const auto device = make_device();
    const auto large = bytes_of(64 * kMebibyte);
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post(target, large, {"Expect: 100-continue"}), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(post(target, large), 413, "PAYLOAD_TOO_LARGE"));
    // Announced only: it need not come to be refused.
    const RawConnection connection(stack().port());
    send_head(connection, target, "Content-Length: 9223372036854775807");
    connection.finish_sending();
    EXPECT_TRUE(is_error(connection.receive_response(), 413, "PAYLOAD_TOO_LARGE"));
    expect_nothing_stored(device);
}

TEST(Upload, TakesChunkedBodies) {
    const auto device = make_device();
    for (const std::size_t size : {std::size_t{1}, std::size_t{70'000}, kMebibyte}) {
        const auto bytes = bytes_of(size);
        const auto coredump = accepted(post_chunked(upload_target(device.key), bytes));
        EXPECT_EQ(column(coredump, "size"), std::to_string(size));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << size;
    }
}

TEST(Upload, RefusesChunkedBodiesOverTheLimit) {
    const auto device = make_device();
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post_chunked(target, bytes_of(kMebibyte + 1)), 400, "VALIDATION_FAILED",
                         "Coredump exceeds maximum size of 1MB"));
    EXPECT_TRUE(is_error(post_chunked(target, bytes_of(4 * kMebibyte)), 413, "PAYLOAD_TOO_LARGE"));
    expect_nothing_stored(device);
}

TEST(Upload, BodyThatBreaksOffIsNotStored) {
    const auto device = make_device();
    const auto target = upload_target(device.key);
    // A firmware version that the access log does not show, but our request's id does.
    for (const auto* head : {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
        const RawConnection connection(stack().port());
        send_head(connection, target, head);
        connection.send("1f4\r\n" + std::string(300, 'x'));
        connection.finish_sending();
        const auto response = connection.receive_response();
        // nginx may say that this was no request, or just hang up.
        EXPECT_TRUE(response.status == 0 || response.status == 400) << response;
    }
    {
        const RawConnection connection(stack().port());
        send_head(connection, target, "Content-Length: 1000");
        connection.send(std::string(999, 'x'));
    }
    // The last one is over when nginx has logged it.
    EXPECT_TRUE(eventually([&] {
        const auto log = stack().logs().at("access.log");
        return std::regex_search(log, std::regex("coredump\" status=400[^\n]*\n$"));
    }));
    expect_nothing_stored(device);
    EXPECT_EQ(post(target).status, 201);
}

TEST(Upload, TakesAnyContentType) {
    const auto device = make_device();
    const std::string body = "a=1&b=2";
    for (const auto* type :
         {"application/octet-stream", "application/x-www-form-urlencoded", "application/json",
          "multipart/form-data; boundary=x", "text/plain; charset=utf-16", "no type at all", ";"}) {
        const auto coredump =
            accepted(post(upload_target(device.key), body, {"Content-Type: " + std::string(type)}));
        EXPECT_EQ(read_bytes(device.folder() / coredump.filename), body) << type;
    }
    EXPECT_EQ(post(upload_target(device.key), body).status, 201);
}

TEST(Upload, TakesSlowBodies) {
    const auto device = make_device();
    const auto other = make_device();
    constexpr std::size_t kPiece = 1024;
    const auto bytes = bytes_of(200 * kPiece);
    const RawConnection connection(stack().port());
    send_head(connection, upload_target(device.key),
              "Content-Length: " + std::to_string(bytes.size()));
    for (std::size_t sent = 0; sent < bytes.size(); sent += kPiece) {
        ASSERT_TRUE(connection.send(std::string_view(bytes).substr(sent, kPiece)));
        // Others need not wait for this one.
        if (sent % (20 * kPiece) == 0) upload(other);
    }
    const auto coredump = accepted(connection.receive_response());
    EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes);
}

TEST(Upload, BurstOfAHundredHasAHundredNames) {
    const auto device = make_device();
    in_parallel(10, [&](std::size_t thread) {
        auto client = stack().client();
        for (int i = 0; i < 10; ++i) {
            const auto body = std::to_string(thread) + '.' + std::to_string(i);
            EXPECT_EQ(client.post(upload_target(device.key), body).status, 201);
        }
    });
    EXPECT_EQ(rows_of(device).size(), 100U);
    const auto names = names_in(device.folder());
    EXPECT_EQ(names.size(), 100U);
    // Each with its own bytes.
    std::set<std::string> bodies;
    for (const auto& name : names) bodies.insert(read_bytes(device.folder() / name));
    EXPECT_EQ(bodies.size(), 100U);
}

TEST(Upload, MakesTheFolderOfADeviceOnFirstUse) {
    const auto device = make_device();
    EXPECT_FALSE(fs::exists(device.folder()));
    upload(device);
    EXPECT_TRUE(fs::is_directory(device.folder()));
    fs::remove_all(device.folder());
    upload(device);
    EXPECT_EQ(names_in(device.folder()).size(), 1U);
}

TEST(Upload, OtherMethodsAreNotAllowed) {
    const auto device = make_device();
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"}) {
        const auto response = stack().client().send({method, upload_target(device.key), {}, {}});
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(response.header("allow"), "POST") << method;
    }
    expect_nothing_stored(device);
}

TEST(Upload, StoresBase64AsItCame) {
    const auto device = make_device();
    const auto uart = read_bytes(COREDEPOT_SOURCE_DIR "/tests/data/crash/coredump.b64");
    ASSERT_FALSE(uart.empty());
    const auto coredump = upload(device, uart);
    EXPECT_EQ(read_bytes(device.folder() / coredump.filename), uart);
}

TEST(Upload, FirstOfRepeatedParametersCounts) {
    const auto device = make_device();
    const auto coredump =
        accepted(post(upload_target(device.key, "esp32", "1") +
                      "&chip=esp32s3&firmware_version=2&device_key=nobody00&x=y"));
    EXPECT_EQ(column(coredump, "chip || ' ' || firmware_version"), "esp32 1");
}

TEST(Upload, DiskThatRefusesIsNotAvailable) {
    const auto device = make_device();
    write_file(device.folder(), "a file where the device's folder belongs");
    EXPECT_TRUE(is_error(post(upload_target(device.key)), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_TRUE(rows_of(device).empty());
    fs::remove(device.folder());
    EXPECT_EQ(post(upload_target(device.key)).status, 201);
}

}  // namespace
