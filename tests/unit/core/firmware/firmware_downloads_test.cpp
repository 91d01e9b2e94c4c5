#include "core/firmware/firmware_downloads.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::core {
namespace {

using test::content_of;
using test::write_file;

class FirmwareDownloadsTest : public testing::Test {
  protected:
    storage::Image current(const std::optional<std::string>& version) const {
        return downloads_.current(ModelCode::trusted("a"), version
                                                               ? FirmwareVersion::parse(*version)
                                                               : std::optional<FirmwareVersion>());
    }

    /// The bytes that a device of the model would get.
    std::string served(const std::optional<std::string>& version) const {
        const auto image = current(version);
        auto bytes = content_of(assets_ / ".images" / image.relative_path);
        EXPECT_EQ(image.sha256, sha256_hex(bytes));
        return bytes;
    }

    void put_bundle(const std::string& version, const std::string& bytes) const {
        write_file(assets_ / "a" / ("firmware-" + version + ".zip"), bytes);
    }
    void put_flat(const std::string& bytes) const { write_file(assets_ / "firmware-a.bin", bytes); }

    test::TemporaryFolder assets_;
    metrics::Counters counters_;
    FirmwareDownloads downloads_{storage::FirmwareStore(assets_.path()),
                                 storage::ImageCache(assets_.path()), 10'000, counters_};
};

const std::string kImage = test::bundle_entries("a", "1.0")[0].second;

TEST_F(FirmwareDownloadsTest, FromTheBundleOfTheCurrentVersion) {
    put_bundle("1.0", test::zip(test::bundle_entries("a", "1.0")));
    put_bundle("2.0", test::zip(test::bundle_entries("a", "2.0")));
    put_flat("flat");
    EXPECT_EQ(served("1.0"), kImage);
}

TEST_F(FirmwareDownloadsTest, WithoutTheBundleTheFlatImage) {
    put_bundle("2.0", test::zip(test::bundle_entries("a", "2.0")));
    put_flat("flat");
    EXPECT_EQ(served("1.0"), "flat");
}

TEST_F(FirmwareDownloadsTest, WithoutAVersionTheFlatImage) {
    put_bundle("1.0", test::zip(test::bundle_entries("a", "1.0")));
    put_flat("flat");
    EXPECT_EQ(served(std::nullopt), "flat");
}

TEST_F(FirmwareDownloadsTest, ACorruptBundleFallsBackToTheFlatImage) {
    const auto bundle = test::zip(test::bundle_entries("a", "1.0"));
    put_flat("flat");
    for (const auto& bytes : {std::string(), std::string("not a zip"), bundle.substr(0, 500),
                              test::zip({{"other", "x"}})}) {
        put_bundle("1.0", bytes);
        EXPECT_EQ(served("1.0"), "flat");
    }
    EXPECT_EQ(counters_.events(metrics::Event::CorruptBundle), 4U);
}

TEST_F(FirmwareDownloadsTest, AnImageLargerThanAcceptedIsAsGoodAsCorrupt) {
    put_bundle("1.0", test::zip({{"a.bin", std::string(10'001, 'x')}}));
    put_flat("flat");
    EXPECT_EQ(served("1.0"), "flat");
}

TEST_F(FirmwareDownloadsTest, NeitherIsNotFound) {
    for (const auto& version : {std::optional<std::string>(), std::optional<std::string>("1.0")}) {
        try {
            current(version);
            FAIL();
        } catch (const NotFound& error) {
            EXPECT_STREQ(error.what(), "Firmware a was not found");
        }
    }
    put_bundle("1.0", "corrupt");
    EXPECT_THROW(current("1.0"), NotFound);
}

TEST_F(FirmwareDownloadsTest, ReplacedFirmwareIsServedAtOnce) {
    put_flat("old");
    EXPECT_EQ(served(std::nullopt), "old");
    remove(assets_ / "firmware-a.bin");
    put_flat("new");
    EXPECT_EQ(served(std::nullopt), "new");
}

}  // namespace
}  // namespace coredepot::core
