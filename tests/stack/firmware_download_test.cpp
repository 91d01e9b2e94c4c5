// GET /api/iot/firmware, /api/iot/firmware-version and /api/device-models/{id}/firmware

#include <atomic>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

/// The images of two builds differ everywhere, so that a mixture of both would be seen.
std::string image_of(const std::string& version, char filling, std::size_t size) {
    auto image = esp_image(version, "", size);
    for (std::size_t i = 208; i < size; ++i) image[i] = static_cast<char>(filling + i / 97);
    return image;
}

std::string bundle_of(const FleetModel& model, const std::string& version,
                      const std::string& image) {
    return zip(with(bundle_entries(model.code, version), model.code + ".bin", image));
}

std::string device_path(const FleetDevice& device) {
    return "/api/iot/firmware?device_key=" + device.key;
}

/// What a device and an admin both download from.
std::vector<std::string> paths(const FleetDevice& device) {
    return {device_path(device), device.model.path() + "/firmware"};
}

std::string quoted_sha256(const std::string& image) {
    return '"' + sha256_hex(image) + '"';
}

fs::path flat(const FleetModel& model) {
    return stack().assets_dir() / ("firmware-" + model.code + ".bin");
}

fs::path bundle_file(const FleetModel& model, const std::string& version) {
    return stack().assets_dir() / model.code / ("firmware-" + version + ".zip");
}

HttpResponse get(const std::string& path, const HttpClient::Headers& headers = {}) {
    return stack().client().get(path, headers);  // a connection of its own
}

void expect_image(const FleetDevice& device, const std::string& image) {
    for (const auto& path : paths(device)) {
        const auto response = get(path);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_TRUE(response.body == image) << path;
        EXPECT_EQ(response.header("etag"), quoted_sha256(image));
    }
}

struct Published {
    FleetDevice device;
    std::string image;
    std::string etag;
};

/// A device whose model has a bundle with an image of this size.
Published publish(std::size_t size = 100'000) {
    const auto device = make_device();
    const auto image = image_of("1.0.0", 'a', size);
    upload_firmware(device.model, bundle_of(device.model, "1.0.0", image));
    return {device, image, quoted_sha256(image)};
}

TEST(Download, GivesTheImageOfTheBundle) {
    const auto firmware = publish();
    for (const auto& path : paths(firmware.device)) {
        const auto response = get(path);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_TRUE(response.body == firmware.image);
        EXPECT_EQ(response.all("content-length"), std::vector<std::string>{"100000"});
        EXPECT_EQ(response.header("content-type"), "application/octet-stream");
        EXPECT_EQ(response.header("content-disposition"),
                  "attachment; filename=\"firmware-" + firmware.device.model.code + ".bin\"");
        EXPECT_EQ(response.all("etag"), std::vector<std::string>{firmware.etag});

        const auto head = stack().client().head(path);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.header("content-length"), "100000");
        EXPECT_EQ(head.header("etag"), firmware.etag);
        EXPECT_TRUE(head.body.empty());
    }
}

TEST(Download, UnknownDeviceAndMissingKey) {
    EXPECT_TRUE(is_error(get("/api/iot/firmware"), 401, "AUTHENTICATION_REQUIRED"));
    EXPECT_TRUE(is_error(get("/api/iot/firmware-version"), 401, "AUTHENTICATION_REQUIRED"));
    for (const auto* path : {"/api/iot/firmware", "/api/iot/firmware-version"}) {
        for (const std::string key : {"nobody00", "..%2f..%2fx", "%00", "ABCDEFGH"}) {
            EXPECT_TRUE(is_error(get(path + ("?device_key=" + key)), 404, "RECORD_NOT_FOUND"));
        }
    }
}

TEST(NotModified, WhenTheTagIsNamed) {
    const auto firmware = publish();
    for (const auto& path : paths(firmware.device)) {
        for (const auto& tags : {firmware.etag, "W/" + firmware.etag, "\"x\", " + firmware.etag,
                                 firmware.etag + ", \"y\"", std::string("*")}) {
            const auto response = get(path, {"If-None-Match: " + tags});
            EXPECT_EQ(response.status, 304) << tags;
            EXPECT_TRUE(response.body.empty());
            EXPECT_EQ(response.header("etag"), firmware.etag);
        }
        const auto ranged = get(path, {"If-None-Match: " + firmware.etag, "Range: bytes=0-9"});
        EXPECT_EQ(ranged.status, 304);
        for (const std::string& tags : {std::string("\"x\""), sha256_hex(firmware.image),
                                        std::string(), std::string(","), std::string("\"")}) {
            EXPECT_EQ(get(path, {"If-None-Match: " + tags}).status, 200) << tags;
        }
        // A time tells nothing about the file.
        EXPECT_EQ(get(path, {"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"}).status, 200);
    }
}

TEST(Range, GivesExactlyWhatWasAskedFor) {
    const auto firmware = publish();
    struct Case {
        const char* range;
        std::size_t first;
        std::size_t length;
    };
    for (const auto& path : paths(firmware.device)) {
        for (const auto& [range, first, length] :
             {Case{"0-0", 0, 1}, Case{"0-99999", 0, 100'000}, Case{"1-4096", 1, 4096},
              Case{"99999-99999", 99'999, 1}, Case{"50000-", 50'000, 50'000},
              Case{"0-", 0, 100'000}, Case{"-1", 99'999, 1}, Case{"-4096", 95'904, 4096},
              Case{"-100000", 0, 100'000}, Case{"-200000", 0, 100'000},
              Case{"99000-200000", 99'000, 1000}}) {
            const auto response = get(path, {std::string("Range: bytes=") + range});
            ASSERT_EQ(response.status, 206) << range << '\n' << response;
            EXPECT_TRUE(response.body == firmware.image.substr(first, length)) << range;
            EXPECT_EQ(response.header("content-length"), std::to_string(length));
            EXPECT_EQ(response.header("content-range"), "bytes " + std::to_string(first) + '-' +
                                                            std::to_string(first + length - 1) +
                                                            "/100000");
            EXPECT_EQ(response.header("etag"), firmware.etag);
        }
    }
}

TEST(Range, OutsideTheFileIsNotSatisfiable) {
    const auto firmware = publish();
    for (const auto& path : paths(firmware.device)) {
        for (const auto* range : {"100000-", "100000-100001", "200000-300000", "-0"}) {
            const auto response = get(path, {std::string("Range: bytes=") + range});
            EXPECT_EQ(response.status, 416) << range;
            EXPECT_EQ(response.header("content-range"), "bytes */100000") << range;
            EXPECT_EQ(response.body, "") << "esp_https_ota writes it into the flash";
            EXPECT_EQ(response.header("content-length"), "0");
        }
    }
}

TEST(Range, SeveralAtOnce) {
    const auto firmware = publish();
    const auto response = get(device_path(firmware.device), {"Range: bytes=0-1,5000-5001,-2"});
    EXPECT_EQ(response.status, 206);
    EXPECT_TRUE(response.header("content-type").starts_with("multipart/byteranges; boundary="));
    for (const auto& piece : {firmware.image.substr(0, 2), firmware.image.substr(5000, 2),
                              firmware.image.substr(99'998, 2)}) {
        EXPECT_NE(response.body.find("\r\n\r\n" + piece + "\r\n--"), std::string::npos);
    }
}

TEST(IfRange, OfTheSameFileGivesTheRange) {
    const auto firmware = publish();
    for (const auto& path : paths(firmware.device)) {
        const auto response = get(path, {"Range: bytes=10-19", "If-Range: " + firmware.etag});
        EXPECT_EQ(response.status, 206);
        EXPECT_TRUE(response.body == firmware.image.substr(10, 10));
    }
}

TEST(IfRange, OfAnotherFileGivesTheWholeOne) {
    const auto firmware = publish();
    const auto path = device_path(firmware.device);
    const auto gone = get(path).header("etag");
    const auto image = image_of("1.0.0", 'b', 100'000);
    upload_firmware(firmware.device.model, bundle_of(firmware.device.model, "1.0.0", image));
    for (const auto& validator : {gone, std::string("\"x\""), "W/" + quoted_sha256(image),
                                  std::string("Fri, 01 Jan 2100 00:00:00 GMT"),
                                  std::string("Thu, 01 Jan 1970 00:00:00 GMT")}) {
        const auto response = get(path, {"Range: bytes=10-19", "If-Range: " + validator});
        EXPECT_EQ(response.status, 200) << validator;
        EXPECT_TRUE(response.body == image) << validator;
    }
    EXPECT_EQ(get(path, {"Range: bytes=10-19", "If-Range: " + quoted_sha256(image)}).status, 206);
}

TEST(IfMatch, OfAnotherFileIsRefused) {
    const auto firmware = publish();
    const auto path = device_path(firmware.device);
    EXPECT_EQ(get(path, {"If-Match: " + firmware.etag}).status, 200);
    EXPECT_EQ(get(path, {"If-Match: " + firmware.etag, "Range: bytes=0-9"}).status, 206);
    for (const auto& list : {"\"x\", " + firmware.etag, firmware.etag + " ,\"x\"",
                             "W/\"x\"," + firmware.etag + ",\"y\""}) {
        EXPECT_EQ(get(path, {"If-Match: " + list}).status, 200) << list;
    }
    for (const auto& list :
         {std::string("\"x\""), std::string("\"x\", \"y\""), "W/" + firmware.etag}) {
        EXPECT_EQ(get(path, {"If-Match: " + list}).status, 412) << list;
    }
}

// RFC 9110, section 13.2.2: who has the file, and wants another one, must not be told that it has
// it.
TEST(IfMatch, GoesBeforeIfNoneMatch) {
    const auto firmware = publish();
    const auto path = device_path(firmware.device);
    const auto if_none_match = "If-None-Match: " + firmware.etag;
    EXPECT_TRUE(is_error(get(path, {"If-Match: \"x\"", if_none_match}), 412, "VALIDATION_FAILED",
                         "The file is not the one that the request asks for"));
    EXPECT_EQ(get(path, {"If-Match: \"x\"", "If-None-Match: *"}).status, 412);
    EXPECT_EQ(get(path, {"If-Match: " + firmware.etag, if_none_match}).status, 304);
    EXPECT_EQ(get(path, {"If-Match: *", if_none_match}).status, 304);
    EXPECT_EQ(get(path, {"If-Match: *"}).status, 200);
    EXPECT_EQ(get(path, {"If-Match: *", "Range: bytes=0-9"}).status, 206);
    EXPECT_EQ(get(path, {"If-Match: \"x\"\t,\t" + firmware.etag}).status, 200);
    EXPECT_EQ(get(path, {"If-Match: \"x\"", "Range: bytes=0-9"}).status, 412);
}

TEST(Range, PiecesOverFreshConnectionsMakeTheWhole) {
    constexpr std::size_t kPiece = 4096;
    const auto firmware = publish(123'457);
    std::string whole;
    while (whole.size() < firmware.image.size()) {
        const auto last = std::to_string(whole.size() + kPiece - 1);
        const auto response = get(device_path(firmware.device),
                                  {"Range: bytes=" + std::to_string(whole.size()) + '-' + last,
                                   "If-Range: " + firmware.etag});
        ASSERT_EQ(response.status, 206) << response;
        ASSERT_FALSE(response.body.empty());
        whole += response.body;
    }
    EXPECT_TRUE(whole == firmware.image);
}

TEST(Fallback, ToTheFlatImageWhenTheBundleIsGone) {
    const auto firmware = publish();
    const auto model = firmware.device.model;
    const auto stand_in = image_of("1.0.0", 'f', 50'000);
    write_file(flat(model), stand_in);
    expect_image(firmware.device, firmware.image);
    fs::remove(bundle_file(model, "1.0.0"));
    expect_image(firmware.device, stand_in);
    fs::remove(flat(model));
    for (const auto& path : paths(firmware.device)) {
        EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND",
                             "Firmware " + model.code + " was not found"));
    }
}

TEST(Fallback, ToTheFlatImageWhenTheBundleIsDamaged) {
    const auto firmware = publish();
    const auto model = firmware.device.model;
    const auto bundle = read_bytes(bundle_file(model, "1.0.0"));
    auto flipped = bundle;
    flipped[60] = static_cast<char>(~flipped[60]);
    const auto stand_in = image_of("1.0.0", 'f', 50'000);
    write_file(flat(model), stand_in);
    for (const auto& damaged :
         {std::string(), std::string("no ZIP"), bundle.substr(0, bundle.size() / 2), flipped,
          zip({{"other", "x"}})}) {
        write_file(bundle_file(model, "1.0.0"), damaged);
        expect_image(firmware.device, stand_in);
    }
    EXPECT_NE(stack().logs().at("firmware.log").find("firmware bundle is damaged"),
              std::string::npos);
    fs::remove(flat(model));
    EXPECT_TRUE(is_error(get(device_path(firmware.device)), 404, "RECORD_NOT_FOUND",
                         "Firmware " + model.code + " was not found"));
    write_file(bundle_file(model, "1.0.0"), bundle);
    expect_image(firmware.device, firmware.image);
}

TEST(Fallback, LegacyImageWithoutAnyVersion) {
    const auto device = make_device();
    const auto image = image_of("0.1", 'l', 30'000);
    for (const auto& path : paths(device)) {
        EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND",
                             "Firmware " + device.model.code + " was not found"));
    }
    write_file(flat(device.model), image);
    expect_image(device, image);
    // Put there by hand: replaced by hand as well.
    const auto newer = image_of("0.2", 'm', 30'000);
    write_file(flat(device.model), newer);
    expect_image(device, newer);
    const auto version = get("/api/iot/firmware-version?device_key=" + device.key);
    EXPECT_TRUE(version.json().at("firmware_version").is_null());
}

// A device takes 404 for final.
TEST(Fallback, FolderThatIsNotThereIsNotAvailable) {
    const auto device = make_device();
    upload_firmware(device.model, esp_image("1.0.0", "", 1'000));
    const auto elsewhere = stack().assets_dir().string() + "-elsewhere";
    fs::rename(stack().assets_dir(), elsewhere);
    const auto response = get(device_path(device));
    fs::rename(elsewhere, stack().assets_dir());
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE",
                         "The service is not available at the moment"));
    EXPECT_EQ(get(device_path(device)).status, 200);
}

TEST(Version, ADeviceMaySayWhatItRuns) {
    const auto device = make_device();
    const auto path = "/api/iot/firmware-version?device_key=" + device.key + "&running=";
    EXPECT_EQ(get(path + "1.4.2+7").status, 200);
    EXPECT_EQ(get(path + "1.4.2+7").status, 200);
    for (const auto* bad : {"", "..%2f1", "%00", "%c3%a9", "%0a"}) {
        EXPECT_TRUE(is_error(get(path + bad), 400, "VALIDATION_FAILED",
                             "running must be a firmware version"))
            << bad;
    }
}

TEST(Version, NullThenSet) {
    const auto device = make_device();
    const auto path = "/api/iot/firmware-version?device_key=" + device.key;
    const auto none = get(path);
    ASSERT_EQ(none.status, 200) << none;
    EXPECT_EQ(none.json().members(), std::set<std::string>{"firmware_version"});
    EXPECT_TRUE(none.json().at("firmware_version").is_null());
    const auto pipeline = device.model.firmware_path() + "-version";
    EXPECT_TRUE(get(pipeline).json().at("firmware_version").is_null());
    EXPECT_EQ(get(pipeline).json().at("code").text(), device.model.code);

    upload_firmware(device.model, esp_image("1.0.0+b \"7\""));
    EXPECT_EQ(get(path).json().at("firmware_version").text(), "1.0.0+b \"7\"");
    EXPECT_EQ(get(pipeline).json().at("firmware_version").text(), "1.0.0+b \"7\"");
}

TEST(Readers, NeverSeeAMixture) {
    constexpr int kReplacements = 50;
    const auto device = make_device();
    std::vector<std::string> bundles;
    std::set<std::string> images;
    for (int i = 0; i < kReplacements; ++i) {
        // Now the same version again, now another one; of different sizes.
        const std::string version = i % 3 == 0 ? "2.0.0" : "1.0.0";
        const auto image =
            image_of(version, static_cast<char>(i), 100'000 + static_cast<std::size_t>(i) * 5000);
        images.insert(quoted_sha256(image));
        bundles.push_back(bundle_of(device.model, version, image));
    }
    upload_firmware(device.model, bundles.back());

    std::atomic<bool> done = false;
    std::atomic<int> reads = 0;
    in_parallel(5, [&](std::size_t thread) {
        if (thread == 0) {
            for (const auto& bundle : bundles) upload_firmware(device.model, bundle);
            done = true;
            return;
        }
        const auto path = paths(device).at(thread % 2);
        while ((!done || reads < 50) && !testing::Test::HasFailure()) {
            const auto response = get(path);
            ++reads;
            EXPECT_EQ(response.status, 200) << response;
            EXPECT_EQ(response.header("etag"), quoted_sha256(response.body));
            EXPECT_TRUE(images.contains(response.header("etag")));
        }
    });
    expect_image(device, image_of("1.0.0", kReplacements - 1,
                                  100'000 + (kReplacements - 1) * std::size_t{5000}));
}

TEST(Readers, ResumeWhileFirmwareIsReplaced) {
    constexpr std::size_t kSize = 200'000;
    constexpr std::size_t kPiece = 4096;
    const auto device = make_device();
    const std::vector<std::string> images{image_of("1.0.0", 'a', kSize),
                                          image_of("1.0.0", 'b', kSize)};
    const auto replace = [&](std::size_t build) {
        upload_firmware(device.model, bundle_of(device.model, "1.0.0", images[build % 2]));
    };
    replace(0);
    const auto whole = [&] {
        auto response = get(device_path(device));
        return std::pair(response.header("etag"), response.body.substr(0, kPiece));
    };
    // As a device does: another file is a new start.
    auto [etag, bytes] = whole();
    std::size_t build = 0;
    int pieces = 0;
    while (bytes.size() < kSize) {
        if (++pieces % 10 == 0 && build < 5) replace(++build);
        const auto range = "Range: bytes=" + std::to_string(bytes.size()) + '-' +
                           std::to_string(bytes.size() + kPiece - 1);
        const auto response = get(device_path(device), {range, "If-Range: " + etag});
        if (response.status == 200) {
            etag = response.header("etag");
            bytes = response.body.substr(0, kPiece);
            continue;
        }
        ASSERT_EQ(response.status, 206) << response;
        ASSERT_FALSE(response.body.empty());
        bytes += response.body;
    }
    EXPECT_EQ(etag, quoted_sha256(bytes));
    EXPECT_TRUE(bytes == images[build % 2]);
}

}  // namespace
