// POST /api/iot/coredump

#include "upload.hpp"

#include <regex>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

// Dumps stay as they were uploaded: no runner has anything to do.
const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""}, {"MAX_COREDUMPS", "200"}};
});

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

TEST(Upload, UnknownDeviceIsNotFound) {
    EXPECT_TRUE(is_error(post(upload_target("nobody00")), 404, "RECORD_NOT_FOUND",
                         "Device nobody00 was not found"));
    EXPECT_FALSE(fs::exists(stack().coredumps_dir() / "nobody00"));
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

TEST(Upload, DiskThatRefusesIsNotAvailable) {
    const auto device = make_device();
    write_file(device.folder(), "a file where the device's folder belongs");
    EXPECT_TRUE(is_error(post(upload_target(device.key)), 503, "SERVICE_UNAVAILABLE"));
    EXPECT_TRUE(rows_of(device).empty());
    fs::remove(device.folder());
    EXPECT_EQ(post(upload_target(device.key)).status, 201);
}

}  // namespace
