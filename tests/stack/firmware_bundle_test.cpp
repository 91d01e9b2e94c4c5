// Bundles that are uploaded: what must be in them, and what is kept of them.

#include <gtest/gtest.h>

#include "firmware_upload.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

TEST(Bundle, IsStoredAndBecomesCurrent) {
    const auto model = make_model();
    EXPECT_EQ(version_of(model), "");
    const auto entries = bundle_entries(model.code, "1.2.3");
    const auto bundle = zip(entries);
    expect_taken(model, send_firmware(model, bundle), "1.2.3");
    EXPECT_EQ(names_in(bundles(model)), std::vector<std::string>{"firmware-1.2.3.zip"});
    EXPECT_TRUE(read_bytes(bundles(model) / "firmware-1.2.3.zip") == bundle);
    EXPECT_TRUE(read_bytes(flat(model)) == entries.at(0).second);
    EXPECT_TRUE(downloaded(model) == entries.at(0).second);
    EXPECT_EQ(all_of(model).at("row 1.2.3"),
              sha256_hex(entries.at(1).second) + ' ' + sha256_hex(entries.at(0).second));
}

TEST(Bundle, IsUnpackedForDownloadsWhichNeedNoRoomOnTheDisk) {
    const auto model = make_model();
    const auto entries = bundle_entries(model.code, "1.2.3");
    expect_taken(model, send_firmware(model, zip(entries)), "1.2.3");
    EXPECT_TRUE(std::filesystem::exists(stack().assets_dir() / ".images" / model.code /
                                        (sha256_hex(entries.at(0).second) + ".bin")));
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

TEST(Bundle, WhoseImageIsLargerThanAnUploadMayBeIsServedAllTheSame) {
    const auto model = make_model();
    const std::string elf = "an ELF";
    const auto image = esp_image("1.0.0", sha256_hex(elf), kMaxFirmware + 100'000);
    const auto bundle =
        zip(with(bundle_entries(model.code, "1.0.0", elf), model.code + ".bin", image));
    ASSERT_LT(bundle.size(), kMaxFirmware);
    expect_taken(model, send_firmware(model, bundle), "1.0.0");
    EXPECT_TRUE(downloaded(model) == image);
    std::filesystem::remove(bundles(model) / "firmware-1.0.0.zip");
    EXPECT_TRUE(downloaded(model) == image);
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
    EXPECT_EQ(send_firmware(model, zip(with(good, "version.json", more))).status, 200);
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
    expect_taken(model, send_firmware(model, zip(bundle_entries(model.code, version))), version);
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
    expect_taken(model, send_firmware(model, zip(silent)), "1.0.0");
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
    expect_taken(model, send_firmware(model, zip(second)), "1.0.0");
    EXPECT_EQ(names_in(bundles(model)).size(), 1U);
    EXPECT_TRUE(downloaded(model) == second.at(0).second);
    EXPECT_TRUE(read_bytes(flat(model)) == second.at(0).second);
    EXPECT_NE(etag(), before);
    EXPECT_TRUE(all_of(model).at("row 1.0.0").starts_with(sha256_hex("second ELF")));
}

TEST(Bundle, OlderVersionsAreKept) {
    const auto model = make_model();
    for (const auto* version : {"1.0.0", "2.0.0", "1.5.0"}) {
        expect_taken(model, send_firmware(model, zip(bundle_entries(model.code, version, version))),
                     version);
    }
    EXPECT_EQ(names_in(bundles(model)),
              (std::vector<std::string>{"firmware-1.0.0.zip", "firmware-1.5.0.zip",
                                        "firmware-2.0.0.zip"}));
    const auto current = bundle_entries(model.code, "1.5.0", "1.5.0").at(0).second;
    EXPECT_TRUE(downloaded(model) == current);
    // Back to an old one.
    expect_taken(model, send_firmware(model, zip(bundle_entries(model.code, "1.0.0", "1.0.0"))),
                 "1.0.0");
}

}  // namespace
