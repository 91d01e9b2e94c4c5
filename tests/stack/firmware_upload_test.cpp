// POST /api/pipeline/models/{code}/firmware and /api/device-models/{id}/firmware

#include <algorithm>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFirmware = 1'048'576;

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""},
                    {"MAX_FIRMWARE_BYTES", std::to_string(kMaxFirmware)}};
});

constexpr const char* kBinType = "Content-Type: application/octet-stream";

HttpResponse send(const FleetModel& model, const std::string& firmware,
                  const HttpClient::Headers& headers = {kBinType}) {
    return stack().client().post(model.firmware_path(), firmware, headers);
}

/// As `curl -F file=@…` wraps it, with other fields around.
std::string multipart(const std::string& firmware, const std::string& field = "file") {
    return "--line\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nnightly\r\n--line\r\n"
           "Content-Disposition: form-data; name=\"" +
           field +
           "\"; filename=\"a;b.zip\"\r\n"
           "Content-Type: application/zip\r\n\r\n" +
           firmware +
           "\r\n--line\r\nContent-Disposition: form-data; name=\"last\"\r\n\r\n\r\n--line--\r\n";
}

constexpr const char* kMultipartType = "Content-Type: multipart/form-data; boundary=line";

fs::path bundles(const FleetModel& model) {
    return stack().assets_dir() / model.code;
}

fs::path flat(const FleetModel& model) {
    return stack().assets_dir() / ("firmware-" + model.code + ".bin");
}

std::string version_of(const FleetModel& model) {
    const auto answer = stack().client().get(model.firmware_path() + "-version").json();
    EXPECT_EQ(answer.at("code").text(), model.code);
    return answer.at("firmware_version").is_null() ? "" : answer.at("firmware_version").text();
}

std::string downloaded(const FleetModel& model) {
    const auto response = stack().client().get(model.path() + "/firmware");
    EXPECT_EQ(response.status, 200) << response;
    return response.body;
}

/// Everything that an upload may change.
std::map<std::string, std::string> all_of(const FleetModel& model) {
    std::map<std::string, std::string> state{{"version", version_of(model)},
                                             {"flat", read_bytes(flat(model))}};
    for (const auto& name : names_in(bundles(model))) {
        state.emplace(name, read_bytes(bundles(model) / name));
    }
    for (const auto& row : stack().sql("SELECT version, elf_sha256, bin_sha256 FROM "
                                       "firmware_versions WHERE device_model_id = " +
                                       std::to_string(model.id))) {
        state.emplace("row " + row.at(0), row.at(1) + ' ' + row.at(2));
    }
    return state;
}

void expect_taken(const FleetModel& model, const HttpResponse& response,
                  const std::string& version) {
    ASSERT_EQ(response.status, 200) << response;
    EXPECT_EQ(response.json().at("id").integer(), model.id);
    EXPECT_EQ(response.json().at("code").text(), model.code);
    EXPECT_EQ(response.json().at("firmware_version").text(), version);
    EXPECT_EQ(version_of(model), version);
}

/// Refused with this text (its start, when it ends in an ellipsis), and nothing has changed.
void expect_refused(const FleetModel& model, const std::string& firmware, const std::string& text,
                    const HttpClient::Headers& headers = {kBinType}) {
    const auto before = all_of(model);
    const auto response = send(model, firmware, headers);
    const auto whole = text.ends_with("...") ? "" : text;
    EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED", whole));
    if (whole.empty()) {
        const auto start = text.substr(0, text.size() - 3);
        EXPECT_TRUE(response.json().at("error").text().starts_with(start)) << response;
    }
    EXPECT_EQ(all_of(model), before);
}

/// A model that has good firmware already, which a refused upload must not touch.
FleetModel model_with_firmware() {
    auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "0.9.0")));
    return model;
}

TEST(Bundle, IsStoredAndBecomesCurrent) {
    const auto model = make_model();
    EXPECT_EQ(version_of(model), "");
    const auto entries = bundle_entries(model.code, "1.2.3");
    const auto bundle = zip(entries);
    expect_taken(model, send(model, bundle), "1.2.3");
    EXPECT_EQ(names_in(bundles(model)), std::vector<std::string>{"firmware-1.2.3.zip"});
    EXPECT_TRUE(read_bytes(bundles(model) / "firmware-1.2.3.zip") == bundle);
    EXPECT_TRUE(read_bytes(flat(model)) == entries.at(0).second);
    EXPECT_TRUE(downloaded(model) == entries.at(0).second);
    EXPECT_EQ(all_of(model).at("row 1.2.3"),
              sha256_hex(entries.at(1).second) + ' ' + sha256_hex(entries.at(0).second));
}

TEST(Bundle, ThroughTheAdminsPathIsTheSame) {
    const auto model = make_model();
    const auto bundle = zip(bundle_entries(model.code, "1.0.0"));
    expect_taken(model, stack().client().post(model.path() + "/firmware", bundle), "1.0.0");
    expect_taken(model,
                 stack().client().post(model.path() + "/firmware",
                                       multipart(zip(bundle_entries(model.code, "1.0.1"))),
                                       {kMultipartType}),
                 "1.0.1");
}

TEST(Bundle, EachMissingFileIsNamed) {
    const auto model = model_with_firmware();
    const auto entries = bundle_entries(model.code, "1.0.0");
    for (const auto& [name, content] : entries) {
        expect_refused(model, zip(without(entries, name)), "Invalid firmware ZIP: missing " + name);
    }
    expect_refused(model, zip(without(without(entries, "sdkconfig"), model.code + ".elf")),
                   "Invalid firmware ZIP: missing " + model.code + ".elf, sdkconfig");
    expect_refused(model, zip({{"other", "x"}}),
                   "Invalid firmware ZIP: missing " + model.code + ".bin, " + model.code +
                       ".elf, " + model.code + ".map, sdkconfig, version.json");
    const auto other = make_model();
    expect_refused(model, zip(bundle_entries(other.code, "1.0.0")),
                   "Invalid firmware ZIP: missing...");
}

TEST(Bundle, UnexpectedFilesAreNamed) {
    const auto model = model_with_firmware();
    auto entries = bundle_entries(model.code, "1.0.0");
    entries.emplace_back("z.txt", "z");
    entries.emplace_back("README", "r");
    expect_refused(model, zip(entries), "Invalid firmware ZIP: unexpected files: README, z.txt");
}

TEST(Bundle, NamesWithPathsAreUnexpected) {
    const auto model = model_with_firmware();
    const auto state = names_in(stack().state());
    const auto assets = names_in(stack().assets_dir());
    const auto good = bundle_entries(model.code, "1.0.0");
    for (const std::string& name :
         {"../" + model.code + ".elf", std::string("../../x"), std::string("/etc/passwd"),
          std::string("a/b"), "./" + model.code + ".elf", std::string("folder/"),
          std::string("a\\b")}) {
        auto entries = good;
        entries.emplace_back(name, "x");
        expect_refused(model, zip(entries),
                       std::string("Invalid firmware ZIP: unexpected files: ") + name);
    }
    EXPECT_EQ(names_in(stack().state()), state);
    EXPECT_EQ(names_in(stack().assets_dir()), assets);
}

TEST(Bundle, DuplicateFilesAreRefused) {
    const auto model = model_with_firmware();
    for (const auto& name : {model.code + ".elf", model.code + ".bin", std::string("sdkconfig")}) {
        auto entries = bundle_entries(model.code, "1.0.0");
        entries.emplace_back(name, "another one");
        expect_refused(model, zip(entries), "Invalid firmware ZIP: ...");
    }
}

TEST(Bundle, EncryptedFilesAreRefused) {
    const auto model = model_with_firmware();
    expect_refused(model, zip(bundle_entries(model.code, "1.0.0"), "secret"),
                   "Invalid firmware ZIP: ...");
}

TEST(Bundle, BombsAreRefused) {
    const auto model = model_with_firmware();
    const auto good = bundle_entries(model.code, "1.0.0");
    const std::string zeros(4 * kMaxFirmware + 1, '\0');
    for (const auto& name : {model.code + ".elf", model.code + ".map", model.code + ".bin",
                             std::string("sdkconfig"), std::string("version.json")}) {
        const auto bomb = zip(with(good, name, zeros));
        ASSERT_LT(bomb.size(), kMaxFirmware);
        expect_refused(model, bomb, "Invalid firmware ZIP: ...");
    }
    // Each of them small enough, all of them together not.
    const auto third = zeros.substr(0, kMaxFirmware * 3);
    expect_refused(model, zip(with(with(good, model.code + ".map", third), "sdkconfig", third)),
                   "Invalid firmware ZIP: ...");
}

TEST(Bundle, VersionJsonIsChecked) {
    const auto model = model_with_firmware();
    const auto good = bundle_entries(model.code, "1.0.0");
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"),
          std::string("\xff"), std::string(R"({"idf_version": "v5", "firmware_version": "1.0.0"})"),
          std::string(R"({"git_commit": "0", "firmware_version": "1.0.0"})"),
          std::string(R"({"git_commit": "0", "idf_version": "v5"})"), std::string("{}"),
          std::string(1'000'000, '[')}) {
        expect_refused(model, zip(with(good, "version.json", text)), "Invalid firmware ZIP: ...");
    }
    const auto* const more =
        R"({"git_commit": "0", "idf_version": "v5", "firmware_version": "1.0.0",
                          "dirty": true})";
    EXPECT_EQ(send(model, zip(with(good, "version.json", more))).status, 200);
}

TEST(Bundle, ImageIsChecked) {
    const auto model = model_with_firmware();
    const auto good = bundle_entries(model.code, "1.0.0");
    const auto image = good.at(0).second;
    const auto patched = [&](std::size_t offset, const std::string& bytes) {
        auto bad = image;
        return bad.replace(offset, bytes.size(), bytes);
    };
    const std::string none(32, '\0');
    for (const std::string& bad :
         {std::string(), image.substr(0, 79), patched(32, std::string(4, '\0')),
          patched(35, "\xac"), patched(48, none), patched(48, "1/2"), patched(48, "..\\1"),
          patched(48, ".1"), patched(48, "\xff"), patched(48, "\xc3\xa9"), patched(48, "1\n2")}) {
        expect_refused(model, zip(with(good, model.code + ".bin", bad)), "Invalid firmware ...");
        expect_refused(model, bad.empty() ? "x" : bad, "Invalid firmware ...");
    }
}

TEST(Bundle, VersionMayFillItsField) {
    const auto model = make_model();
    const std::string version(32, 'v');
    auto entries = bundle_entries(model.code, "x");
    entries =
        with(entries, model.code + ".bin", esp_image(version, sha256_hex(entries.at(1).second)));
    expect_taken(model, send(model, zip(entries)), version);
}

TEST(Bundle, ElfMustBeTheOneOfTheImage) {
    const auto model = model_with_firmware();
    const auto entries = bundle_entries(model.code, "1.0.0");
    expect_refused(model,
                   zip(with(entries, model.code + ".elf",
                            "\x7f"
                            "ELF of another build")),
                   "Invalid firmware ZIP: " + model.code + ".elf is not the ELF that " +
                       model.code + ".bin was built from");
    // All zero: the image does not say.
    auto silent = with(entries, model.code + ".bin", esp_image("1.0.0"));
    silent = with(silent, model.code + ".elf", "any ELF");
    expect_taken(model, send(model, zip(silent)), "1.0.0");
    EXPECT_TRUE(all_of(model).at("row 1.0.0").starts_with(sha256_hex("any ELF")));
}

TEST(Bundle, DamagedOnesAreRefused) {
    const auto model = model_with_firmware();
    const auto bundle = zip(bundle_entries(model.code, "1.0.0"));
    expect_refused(model, "PK\x03\x04", "Invalid firmware ZIP: ...");
    expect_refused(model, "PK\x03\x04" + std::string(1000, 'x'), "Invalid firmware ZIP: ...");
    for (const auto size :
         {bundle.size() - 1, bundle.size() / 2, std::size_t{100}, std::size_t{30}}) {
        expect_refused(model, bundle.substr(0, size), "Invalid firmware ZIP: ...");
    }
    auto flipped = bundle;
    flipped[60] = static_cast<char>(~flipped[60]);  // within the packed image
    expect_refused(model, flipped, "Invalid firmware ZIP: ...");
}

TEST(Bundle, SameVersionAgainReplacesIt) {
    const auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "1.0.0", "first ELF")));
    const auto etag = [&] {
        return stack().client().get(model.path() + "/firmware").header("etag");
    };
    const auto before = etag();
    const auto second = bundle_entries(model.code, "1.0.0", "second ELF");
    expect_taken(model, send(model, zip(second)), "1.0.0");
    EXPECT_EQ(names_in(bundles(model)).size(), 1U);
    EXPECT_TRUE(downloaded(model) == second.at(0).second);
    EXPECT_TRUE(read_bytes(flat(model)) == second.at(0).second);
    EXPECT_NE(etag(), before);
    EXPECT_TRUE(all_of(model).at("row 1.0.0").starts_with(sha256_hex("second ELF")));
}

TEST(Bundle, OlderVersionsAreKept) {
    const auto model = make_model();
    for (const auto* version : {"1.0.0", "2.0.0", "1.5.0"}) {
        expect_taken(model, send(model, zip(bundle_entries(model.code, version, version))),
                     version);
    }
    EXPECT_EQ(names_in(bundles(model)),
              (std::vector<std::string>{"firmware-1.0.0.zip", "firmware-1.5.0.zip",
                                        "firmware-2.0.0.zip"}));
    const auto current = bundle_entries(model.code, "1.5.0", "1.5.0").at(0).second;
    EXPECT_TRUE(downloaded(model) == current);
    // Back to an old one.
    expect_taken(model, send(model, zip(bundle_entries(model.code, "1.0.0", "1.0.0"))), "1.0.0");
}

TEST(Multipart, BundleAndPlainImage) {
    const auto model = make_model();
    const auto bundle = zip(bundle_entries(model.code, "1.0.0"));
    expect_taken(model, send(model, multipart(bundle), {kMultipartType}), "1.0.0");
    EXPECT_TRUE(read_bytes(bundles(model) / "firmware-1.0.0.zip") == bundle);
    const auto image = esp_image("1.1.0");
    expect_taken(model, send(model, multipart(image), {kMultipartType}), "1.1.0");
    EXPECT_TRUE(downloaded(model) == image);
    const auto* const quoted =
        "content-type: Multipart/Form-Data; charset=utf-8; boundary=\"line\"";
    expect_taken(model, send(model, multipart(bundle), {quoted}), "1.0.0");
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
    expect_taken(model, send(model, image), "1.0.0");
    EXPECT_TRUE(read_bytes(flat(model)) == image);
    EXPECT_TRUE(names_in(bundles(model)).empty());
    EXPECT_TRUE(downloaded(model) == image);
    const auto newer = esp_image("1.0.1", std::string(64, 'a'), 40'000);
    expect_taken(model, send(model, newer), "1.0.1");
    EXPECT_TRUE(downloaded(model) == newer);
}

TEST(Image, OfTheVersionOfABundleReplacesIt) {
    const auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "0.9.0")));
    upload_firmware(model, zip(bundle_entries(model.code, "1.0.0")));
    const auto image = esp_image("1.0.0", "", 9000);
    expect_taken(model, send(model, image), "1.0.0");
    EXPECT_TRUE(downloaded(model) == image);
    EXPECT_TRUE(fs::exists(bundles(model) / "firmware-0.9.0.zip"));
}

TEST(Image, OfThe80BytesThatAreRead) {
    const auto model = make_model();
    const auto image = esp_image("1.0.0").substr(0, 80);
    expect_taken(model, send(model, image), "1.0.0");
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
    expect_taken(model, send(model, largest), "1.0.0");
    EXPECT_TRUE(downloaded(model) == largest);
    // What multipart adds does not count.
    expect_taken(model,
                 send(model, multipart(esp_image("1.0.1", "", kMaxFirmware)), {kMultipartType}),
                 "1.0.1");
    const auto before = all_of(model);
    for (const auto size :
         {kMaxFirmware + 1, kMaxFirmware + 60'000, kMaxFirmware + 100'000, 8 * kMaxFirmware}) {
        const auto response = send(model, esp_image("1.0.2", "", size));
        EXPECT_TRUE(is_error(response, 413, "PAYLOAD_TOO_LARGE")) << size;
        const auto wrapped = send(model, multipart(esp_image("1.0.2", "", size)), {kMultipartType});
        EXPECT_TRUE(is_error(wrapped, 413, "PAYLOAD_TOO_LARGE")) << size;
    }
    EXPECT_TRUE(all_of(model) == before);
}

TEST(Upload, DiskThatRefusesChangesNothing) {
    const auto model = make_model();
    // A file where the folder for the model's bundles belongs.
    write_file(bundles(model), "");
    const auto response = send(model, zip(bundle_entries(model.code, "1.0.0")));
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE"));
    EXPECT_EQ(version_of(model), "");
    EXPECT_FALSE(fs::exists(flat(model)));
    fs::remove(bundles(model));
    expect_taken(model, send(model, zip(bundle_entries(model.code, "1.0.0"))), "1.0.0");
}

TEST(Methods, OtherOnesAreNotAllowed) {
    const auto model = make_model();
    auto client = stack().client();
    EXPECT_EQ(client.get(model.firmware_path()).header("allow"), "POST");
    EXPECT_EQ(client.del(model.path() + "/firmware").header("allow"), "GET, HEAD, POST");
    EXPECT_EQ(client.post(model.firmware_path() + "-version", "").header("allow"), "GET, HEAD");
}

}  // namespace
