#include "core/firmware/bundle.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"

namespace coredepot::core {
namespace {

using namespace std::string_literals;
using test::bundle_entries;
using test::Entries;
using test::with;
using test::without;
using test::zip;

constexpr std::uint64_t kMaxUnpacked = 1'000'000;
const ModelCode kCode = ModelCode::trusted("a");

Entries good() {
    return bundle_entries("a", "1.0");
}

/// What a bundle is refused with, without the beginning that all have; "accepted" when it is not.
std::string refusal(std::string_view bytes, std::uint64_t max_unpacked = kMaxUnpacked) {
    const std::string beginning = "Invalid firmware ZIP: ";
    try {
        read_bundle(bytes, kCode, max_unpacked);
    } catch (const ValidationFailed& error) {
        const std::string text = error.what();
        return text.starts_with(beginning) ? text.substr(beginning.size()) : text;
    }
    return "accepted";
}

std::string refusal(const Entries& entries, std::uint64_t max_unpacked = kMaxUnpacked) {
    return refusal(zip(entries), max_unpacked);
}

Entries plus(Entries entries, const std::string& name, const std::string& content = "x") {
    entries.emplace_back(name, content);
    return entries;
}

std::string version_json(const std::string& version) {
    return R"({"git_commit":"0","idf_version":"v5.4","firmware_version":")" + version + "\"}";
}

std::string little_endian(std::uint64_t number, std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i));
    return text;
}

/// A field of each record of the archive that starts with `signature`, overwritten.
std::string patched(std::string bytes, const std::string& signature, std::size_t offset,
                    const std::string& value) {
    for (auto at = bytes.find(signature); at != std::string::npos;
         at = bytes.find(signature, at + 1)) {
        bytes.replace(at + offset, value.size(), value);
    }
    return bytes;
}

/// Where the archive's directory is, as APPNOTE.TXT 4.3.14 has it for large archives.
struct Directory {
    std::uint64_t entries;
    std::uint64_t size;
    std::uint64_t offset;
};

constexpr std::size_t kEndLength = 22;

Directory directory_of(const std::string& bytes) {
    const auto offset = bytes.find("PK\x01\x02");
    return {5, bytes.size() - kEndLength - offset, offset};
}

/// The archive with its directory described by ZIP64 records.
std::string zip64(const std::string& bytes, const Directory& directory) {
    const auto end = bytes.size() - kEndLength;
    return bytes.substr(0, end) + "PK\x06\x06" + little_endian(44, 8) + little_endian(45, 2) +
           little_endian(45, 2) + little_endian(0, 8) + little_endian(directory.entries, 8) +
           little_endian(directory.entries, 8) + little_endian(directory.size, 8) +
           little_endian(directory.offset, 8) + "PK\x06\x07" + little_endian(0, 4) +
           little_endian(end, 8) + little_endian(1, 4) + "PK\x05\x06" + little_endian(0, 4) +
           std::string(12, '\xff') + little_endian(0, 2);
}

TEST(LooksLikeBundle, ByItsFirstFourBytes) {
    EXPECT_TRUE(looks_like_bundle("PK\x03\x04"));
    EXPECT_TRUE(looks_like_bundle(zip(good())));
    for (const auto& upload :
         {""s, "P"s, "PK\x03"s, "PK\x03\x05"s, "PK\x05\x06"s, "\xe9PK\x03\x04"s, "pk\x03\x04"s}) {
        EXPECT_FALSE(looks_like_bundle(upload));
    }
}

TEST(Bundle, Good) {
    const auto elf = good()[1].second;
    const auto bundle = read_bundle(zip(good()), kCode, kMaxUnpacked);
    EXPECT_EQ(bundle.image, good()[0].second);
    EXPECT_EQ(bundle.image_facts.version.str(), "1.0");
    EXPECT_EQ(bundle.image_facts.elf_sha256, sha256_hex(elf));
    EXPECT_EQ(bundle.elf_sha256, sha256_hex(elf));
}

TEST(Bundle, OfOurOwnCrash) {
    const auto bundle =
        read_bundle(test::thermostat_bundle(), ModelCode::trusted("thermostat"), kMaxUnpacked);
    EXPECT_EQ(bundle.image_facts.version.str(), "1.4.2");
    EXPECT_EQ(bundle.image_facts.elf_sha256, bundle.elf_sha256);
}

TEST(Bundle, OrderOfEntriesDoesNotMatter) {
    auto entries = good();
    std::reverse(entries.begin(), entries.end());
    EXPECT_EQ(refusal(entries), "accepted");
}

TEST(Bundle, EachOfTheFiveMissing) {
    for (const auto* name : {"a.bin", "a.elf", "a.map", "sdkconfig", "version.json"}) {
        EXPECT_EQ(refusal(without(good(), name)), std::string("missing ") + name);
    }
}

TEST(Bundle, SeveralMissingAreSorted) {
    EXPECT_EQ(refusal(without(without(good(), "sdkconfig"), "a.elf")), "missing a.elf, sdkconfig");
    EXPECT_EQ(refusal(zip({{"x", "y"}})), "missing a.bin, a.elf, a.map, sdkconfig, version.json");
}

TEST(Bundle, OfAnotherModelIsMissingItsFiles) {
    EXPECT_EQ(refusal(bundle_entries("b", "1.0")), "missing a.bin, a.elf, a.map");
}

TEST(Bundle, NamesHaveACase) {
    EXPECT_EQ(refusal(plus(without(good(), "sdkconfig"), "SDKCONFIG")), "missing sdkconfig");
}

TEST(Bundle, UnexpectedFilesAreSorted) {
    EXPECT_EQ(refusal(plus(plus(good(), "z.txt"), "b.txt")), "unexpected files: b.txt, z.txt");
}

TEST(Bundle, NamesWithAPathAreUnexpected) {
    for (const auto* name :
         {"../a.bin", "/etc/passwd", "x/a.elf", "./sdkconfig", "a.bin/", "..\\a.bin", "build/"}) {
        EXPECT_EQ(refusal(plus(good(), name, "")), std::string("unexpected files: ") + name);
    }
}

TEST(Bundle, ManyOrLongUnexpectedNamesAreCutShort) {
    auto entries = good();
    for (char c = 'b'; c <= 'l'; ++c) entries.emplace_back(std::string(1, c), "");
    EXPECT_EQ(refusal(entries), "unexpected files: b, c, d, e, f, g, h, i, j, k, …");
    EXPECT_EQ(refusal(plus(good(), std::string(1000, 'x'))),
              "unexpected files: " + std::string(100, 'x'));
}

TEST(Bundle, Duplicates) {
    EXPECT_EQ(refusal(plus(plus(good(), "sdkconfig"), "a.elf")),
              "duplicate files: a.elf, sdkconfig");
}

TEST(Bundle, Encrypted) {
    EXPECT_EQ(refusal(zip(good(), "password")),
              "encrypted files: a.bin, a.elf, a.map, sdkconfig, version.json");
}

TEST(Bundle, BombByRatio) {
    EXPECT_EQ(refusal(with(good(), "a.map", std::string(5'000'000, '\0'))),
              "a.map unpacks to too much");
    EXPECT_EQ(refusal(with(good(), "version.json", std::string(5'000'000, ' '))),
              "version.json unpacks to too much");
    // JSON takes many times its bytes of memory, whatever else may be in a bundle.
    EXPECT_EQ(refusal(with(good(), "version.json", std::string(65'537, ' '))),
              "version.json unpacks to too much");
}

TEST(Bundle, BombBySum) {
    const auto half = std::string(600'000, 'x');
    EXPECT_EQ(refusal(with(good(), "a.map", half)), "accepted");
    EXPECT_EQ(refusal(with(with(good(), "a.map", half), "sdkconfig", half)),
              "a.map unpacks to too much");
}

// A hundred megabytes may come out of some archive, but not out of a hundred kilobytes.
TEST(Bundle, BombBelowTheLimit) {
    constexpr std::uint64_t kLarge = 128'000'000;
    EXPECT_EQ(refusal(with(good(), "a.map", std::string(20'000'000, '\0')), kLarge),
              "a.map unpacks to too much");
    EXPECT_EQ(refusal(with(good(), "a.map", std::string(10'000'000, '\0')), kLarge), "accepted");
}

TEST(Bundle, OddlyPacked) {
    constexpr int kLzma = 14;
    constexpr std::size_t kMethod = 10;
    constexpr std::size_t kMethodOfEntry = 8;
    const auto packed = little_endian(kLzma, 2);
    const auto entries = patched(zip(good()), "PK\x03\x04", kMethodOfEntry, packed);
    EXPECT_EQ(refusal(patched(entries, "PK\x01\x02", kMethod, packed)),
              "neither stored nor deflated files: a.bin, a.elf, a.map, sdkconfig, version.json");
}

// Every core dump of that version would end in ERROR.
TEST(Bundle, AnElfThatTheDecoderCannotReadIsRefused) {
    constexpr std::size_t kMost = 100'663'296;      // 96 MiB
    constexpr std::size_t kUnpackable = 2'000'000;  // or it would be refused for what it packs to
    std::string elf(kMost + 1, '\0');
    std::minstd_rand random{1};  // NOLINT(cert-msc51-cpp): the same on every run
    std::generate_n(elf.begin(), kUnpackable, [&] { return static_cast<char>(random() >> 8U); });
    EXPECT_EQ(refusal(with(good(), "a.elf", elf), 2 * kMost),
              "a.elf has 100663297 bytes, and the decoder reads at most 100663296; build it with "
              "less debug information (-g1)");
}

// What the directory says is not what every program unpacks by.
TEST(Bundle, NamesAreTheSameInDirectoryAndEntries) {
    auto bytes = zip(good());
    bytes.replace(bytes.find("sdkconfig"), 9, "../../abc");
    const auto why = refusal(bytes);  // to which later versions of libzip add which entry it is
    EXPECT_TRUE(why.starts_with("Zip archive inconsistent")) << why;
}

TEST(Bundle, SizesAreNotBelieved) {
    constexpr std::size_t kUnpacked = 24;
    for (const std::uint64_t claim : {0U, 1U, 0x7fffffffU, 0xffffffffU}) {
        const auto lie = patched(zip(with(good(), "a.map", std::string(5'000'000, '\0'))),
                                 "PK\x01\x02", kUnpacked, little_endian(claim, 4));
        EXPECT_NE(refusal(lie), "accepted") << claim;
    }
}

TEST(Bundle, Zip64) {
    const auto bytes = zip(good());
    const auto truth = directory_of(bytes);
    ASSERT_EQ(refusal(zip64(bytes, truth)), "accepted");
    for (const std::uint64_t lie : {0ULL, 1ULL, 0xffffffffULL, 1ULL << 40U, 1ULL << 63U, ~0ULL}) {
        auto directory = truth;
        directory.entries = lie;
        EXPECT_NE(refusal(zip64(bytes, directory)), "accepted") << lie;
        directory = truth;
        directory.size = lie;
        EXPECT_NE(refusal(zip64(bytes, directory)), "accepted") << lie;
        directory = truth;
        directory.offset = lie;
        EXPECT_NE(refusal(zip64(bytes, directory)), "accepted") << lie;
    }
}

TEST(Bundle, ExactlyTheBudgetIsAccepted) {
    std::uint64_t sum = 0;
    for (const auto& [name, content] : good()) sum += content.size();
    EXPECT_EQ(refusal(good(), sum), "accepted");
    EXPECT_EQ(refusal(good(), sum - 1), "a.map unpacks to too much");
}

TEST(Bundle, TooManyEntries) {
    auto entries = good();
    for (int i = 0; i < 1000; ++i) entries.emplace_back(std::to_string(i), "");
    EXPECT_EQ(refusal(entries), "too many entries");
}

TEST(Bundle, VersionJson) {
    const auto refused = [](const std::string& text) {
        return refusal(with(good(), "version.json", text));
    };
    for (const auto* text : {"", "{", "PK", "{\"git_commit\":\"\xff\"}"}) {
        EXPECT_EQ(refused(text), "version.json is not valid JSON") << text;
    }
    for (const auto* text : {"[]", "\"x\"", "null", "1"}) {
        EXPECT_EQ(refused(text), "version.json is not a JSON object") << text;
    }
    EXPECT_EQ(refused("{}"), "version.json lacks firmware_version, git_commit, idf_version");
    EXPECT_EQ(refused(R"({"git_commit":"0","idf_version":null,"firmware_version":"1"})"),
              "version.json lacks idf_version");
    EXPECT_EQ(refused(R"({"git_commit":"0","idf_version":"v","firmware_version":"1.0","x":[]})"),
              "accepted");
}

TEST(Bundle, VersionJsonAndImageAgree) {
    EXPECT_EQ(read_bundle(zip(good()), kCode, kMaxUnpacked).version.str(), "1.0");
    EXPECT_EQ(refusal(with(good(), "version.json", version_json("1.1"))),
              "version.json says version 1.1, and a.bin says 1.0");
    EXPECT_EQ(refusal(with(good(), "version.json",
                           R"({"git_commit":"0","idf_version":"v","firmware_version":1.0})")),
              "firmware_version in version.json must be a string");
}

TEST(Bundle, VersionJsonCountsWhereTheImagesVersionIsAFrameworks) {
    auto by_name = good();
    by_name[0].second.replace(80, 19, "arduino-lib-builder");
    auto by_version = bundle_entries("a", "esp-idf: v4.4.7 38eeba213a");
    for (const auto& entries : {by_name, by_version}) {
        const auto bundle = read_bundle(zip(with(entries, "version.json", version_json("2.3.4"))),
                                        kCode, kMaxUnpacked);
        EXPECT_EQ(bundle.version.str(), "2.3.4");
        EXPECT_NE(refusal(with(entries, "version.json", version_json("../2"))).find("printable"),
                  std::string::npos);
    }
}

TEST(Bundle, ABadImageIsRefusedWithTheImagesReason) {
    EXPECT_EQ(refusal(with(good(), "a.bin", "short")),
              "Invalid firmware image: shorter than 80 bytes");
    EXPECT_EQ(refusal(with(good(), "a.bin", std::string(100, 'x'))),
              "Invalid firmware image: no ESP application descriptor");
    EXPECT_EQ(refusal(with(good(), "a.bin", test::esp_image(""))),
              "Invalid firmware image: the version is empty");
}

TEST(Bundle, AnotherElfThanTheImagesIsRefused) {
    EXPECT_EQ(refusal(with(good(), "a.elf", "another")),
              "a.elf is not the ELF that a.bin was built from");
}

TEST(Bundle, AnImageThatDoesNotNameItsElfIsTakenAtItsWord) {
    const auto bundle =
        read_bundle(zip(with(with(good(), "a.bin", test::esp_image("1.0")), "a.elf", "another")),
                    kCode, kMaxUnpacked);
    EXPECT_FALSE(bundle.image_facts.elf_sha256);
    EXPECT_EQ(bundle.elf_sha256, sha256_hex("another"));
}

TEST(Bundle, NotAZip) {
    for (const auto& bytes :
         {""s, "PK\x03\x04"s, "PK\x03\x04 but nothing of an archive"s, std::string(100, '\0')}) {
        EXPECT_NE(refusal(bytes), "accepted");
    }
}

TEST(Bundle, EveryCutIsRefused) {
    const auto bytes = zip(good());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_NE(refusal(bytes.substr(0, length)), "accepted") << length;
    }
}

TEST(Bundle, EveryDamagedByteIsSurvived) {
    const auto good_bytes = zip(good());
    for (std::size_t i = 0; i < good_bytes.size(); ++i) {
        auto bytes = good_bytes;
        bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
        refusal(bytes);
    }
}

TEST(Bundle, DamagedContentIsFoundByItsChecksum) {
    for (const auto* name : {"a.map", "sdkconfig"}) {
        // Stored as it is, or packed: what comes out is not what went in.
        auto bytes = zip(with(good(), name, "0123456789"));
        const auto at = bytes.find("0123456789");
        if (at == std::string::npos) GTEST_SKIP() << "libzip packs even ten bytes";
        bytes[at] = 'x';
        EXPECT_EQ(refusal(bytes), std::string(name) + " is damaged");
    }
}

}  // namespace
}  // namespace coredepot::core
