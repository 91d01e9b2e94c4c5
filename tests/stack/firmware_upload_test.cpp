// POST /api/pipeline/models/{code}/firmware and /api/device-models/{id}/firmware: how firmware
// comes, and plain images.

#include "firmware_upload.hpp"

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""},
                    {"MAX_FIRMWARE_BYTES", std::to_string(kMaxFirmware)}};
});

TEST(Multipart, BundleAndPlainImage) {
    const auto model = make_model();
    const auto bundle = zip(bundle_entries(model.code, "1.0.0"));
    expect_taken(model, send_firmware(model, multipart(bundle), {kMultipartType}), "1.0.0");
    EXPECT_TRUE(read_bytes(bundles(model) / "firmware-1.0.0.zip") == bundle);
    const auto image = esp_image("1.1.0");
    expect_taken(model, send_firmware(model, multipart(image), {kMultipartType}), "1.1.0");
    EXPECT_TRUE(downloaded(model) == image);
    const auto* const quoted =
        "content-type: Multipart/Form-Data; charset=utf-8; boundary=\"line\"";
    expect_taken(model, send_firmware(model, multipart(bundle), {quoted}), "1.0.0");
}

TEST(Multipart, WithoutTheFieldIsRefused) {
    const auto model = model_with_firmware();
    const auto image = esp_image("1.0.0");
    expect_refused(model, multipart(image, "other"), "...", {kMultipartType});
    expect_refused(model, multipart(""), "No firmware content provided", {kMultipartType});
    expect_refused(model, image, "...", {kMultipartType});
    expect_refused(model, multipart(image), "...", {"Content-Type: multipart/form-data"});
    expect_refused(model, multipart(image), "...",
                   {"Content-Type: multipart/form-data; boundary="});
    expect_refused(model, multipart(image), "...",
                   {"Content-Type: multipart/form-data; boundary=another"});
    const auto whole = multipart(image);
    const auto cut = whole.substr(0, whole.find("\r\n--line\r\n", whole.size() - 100) - 10);
    expect_refused(model, cut, "...", {kMultipartType});
    for (const std::string& junk :
         {std::string("--line"), std::string("--line--"), std::string("--line\r\n"),
          std::string("--line\r\n\r\n"), std::string("\r\n--line\r\n\r\n\r\n--line"),
          std::string(1000, '-')}) {
        expect_refused(model, junk, "...", {kMultipartType});
    }
}

TEST(Image, WithoutABundleStillWorks) {
    const auto model = make_model();
    const auto image = esp_image("1.0.0", "", 50'000);
    expect_taken(model, send_firmware(model, image), "1.0.0");
    EXPECT_TRUE(read_bytes(flat(model)) == image);
    EXPECT_TRUE(names_in(bundles(model)).empty());
    EXPECT_TRUE(downloaded(model) == image);
    const auto newer = esp_image("1.0.1", std::string(64, 'a'), 40'000);
    expect_taken(model, send_firmware(model, newer), "1.0.1");
    EXPECT_TRUE(downloaded(model) == newer);
}

TEST(Image, OfTheVersionOfABundleReplacesIt) {
    const auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "0.9.0")));
    upload_firmware(model, zip(bundle_entries(model.code, "1.0.0")));
    const auto image = esp_image("1.0.0", "", 9000);
    expect_taken(model, send_firmware(model, image), "1.0.0");
    EXPECT_TRUE(downloaded(model) == image);
    EXPECT_TRUE(fs::exists(bundles(model) / "firmware-0.9.0.zip"));
}

TEST(Image, OfThe80BytesThatAreRead) {
    const auto model = make_model();
    const auto image = esp_image("1.0.0").substr(0, 80);
    expect_taken(model, send_firmware(model, image), "1.0.0");
    EXPECT_TRUE(downloaded(model) == image);
}

TEST(Upload, OfNextToNothing) {
    const auto model = model_with_firmware();
    expect_refused(model, "", "No firmware content provided");
    expect_refused(model, "P", "Invalid firmware ...");
    expect_refused(model, "PK\x03", "Invalid firmware ...");
    expect_refused(model, "not a ZIP and not an image", "Invalid firmware ...");
}

TEST(Upload, ForAnUnknownModel) {
    const auto assets = names_in(stack().assets_dir());
    auto client = stack().client();
    EXPECT_TRUE(is_error(client.post("/api/pipeline/models/nobody/firmware", esp_image("1")), 404,
                         "RECORD_NOT_FOUND", "Device model nobody was not found"));
    EXPECT_TRUE(is_error(client.get("/api/pipeline/models/nobody/firmware-version"), 404,
                         "RECORD_NOT_FOUND"));
    for (const std::string code : {"A", "..%2f..%2fx", "a%2fb", "%ff", "a%20b", "a-b", "%0a"}) {
        const auto path = "/api/pipeline/models/" + code + "/firmware";
        EXPECT_TRUE(is_error(client.post(path, esp_image("1")), 404, "RECORD_NOT_FOUND")) << code;
        EXPECT_TRUE(is_error(client.get(path + "-version"), 404, "RECORD_NOT_FOUND")) << code;
    }
    EXPECT_EQ(names_in(stack().assets_dir()), assets);
}

TEST(Upload, UpToTheLimit) {
    const auto model = make_model();
    const auto largest = esp_image("1.0.0", "", kMaxFirmware);
    expect_taken(model, send_firmware(model, largest), "1.0.0");
    EXPECT_TRUE(downloaded(model) == largest);
    // What multipart adds does not count.
    expect_taken(
        model,
        send_firmware(model, multipart(esp_image("1.0.1", "", kMaxFirmware)), {kMultipartType}),
        "1.0.1");
    const auto before = all_of(model);
    for (const auto size :
         {kMaxFirmware + 1, kMaxFirmware + 60'000, kMaxFirmware + 100'000, 8 * kMaxFirmware}) {
        const auto response = send_firmware(model, esp_image("1.0.2", "", size));
        EXPECT_TRUE(is_error(response, 413, "PAYLOAD_TOO_LARGE")) << size;
        const auto wrapped =
            send_firmware(model, multipart(esp_image("1.0.2", "", size)), {kMultipartType});
        EXPECT_TRUE(is_error(wrapped, 413, "PAYLOAD_TOO_LARGE")) << size;
    }
    EXPECT_TRUE(all_of(model) == before);
}

TEST(Upload, DiskThatRefusesChangesNothing) {
    const auto model = make_model();
    // A file where the folder for the model's bundles belongs.
    write_file(bundles(model), "");
    const auto response = send_firmware(model, zip(bundle_entries(model.code, "1.0.0")));
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(version_of(model), "");
    EXPECT_FALSE(fs::exists(flat(model)));
    fs::remove(bundles(model));
    expect_taken(model, send_firmware(model, zip(bundle_entries(model.code, "1.0.0"))), "1.0.0");
}

TEST(Methods, OtherOnesAreNotAllowed) {
    const auto model = make_model();
    auto client = stack().client();
    EXPECT_EQ(client.get(model.firmware_path()).header("allow"), "POST");
    EXPECT_EQ(client.del(model.path() + "/firmware").header("allow"), "GET, HEAD, POST");
    EXPECT_EQ(client.post(model.firmware_path() + "-version", "").header("allow"), "GET, HEAD");
}

}  // namespace
