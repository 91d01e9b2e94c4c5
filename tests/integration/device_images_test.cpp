// What is remembered of which image a device downloads.

#include "core/firmware/device_images.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "firmware_test.hpp"
#include "support/firmware.hpp"

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;

class DeviceImagesTest : public FirmwareTest {
  protected:
    void SetUp() override {
        ASSERT_TRUE(devices_.insert(model_, key_, std::nullopt).device);
        accept(bundle("1.0"));
        settle();
    }

    /// As if what was published last had been there for a while.
    void settle() { system_now_ = now() + 1h; }

    std::string recent() { return images_.recent(reference_).image.sha256; }
    std::string current() { return images_.current(reference_).image.sha256; }
    static std::string image_of(const std::string& version) {
        return sha256_hex(test::bundle_entries("a", version,
                                               "\x7f"
                                               "ELF")[0]
                              .second);
    }

    const DeviceKey key_ = DeviceKey::trusted("abcd1234");
    DeviceReference reference_{"abcd1234", std::nullopt};
    std::chrono::steady_clock::time_point steady_now_;
    Timestamp system_now_;
    db::Devices devices_{database_};
    metrics::Counters counters_;
    FirmwareDownloads downloads_{store_, storage::ImageCache(assets_.path()), kMaxBytes, counters_};
    DeviceImages images_{devices_,
                         downloads_,
                         store_,
                         {[this] { return steady_now_; }, [this] { return system_now_; }}};
};

TEST_F(DeviceImagesTest, AreRememberedForASecond) {
    EXPECT_EQ(recent(), image_of("1.0"));
    ASSERT_TRUE(devices_.remove(devices_.find(key_)->id));
    EXPECT_EQ(recent(), image_of("1.0")) << "or the database was asked again";
    EXPECT_THROW(current(), NotFound);
    steady_now_ += DeviceImages::kMaxAge;
    EXPECT_THROW(recent(), NotFound);
}

TEST_F(DeviceImagesTest, WhatIsPublishedHereIsSeenAtOnce) {
    EXPECT_EQ(recent(), image_of("1.0"));
    accept(bundle("2.0"));
    EXPECT_EQ(recent(), image_of("2.0"));
    accept(bundle("1.0"));
    EXPECT_EQ(recent(), image_of("1.0"));
}

TEST_F(DeviceImagesTest, WhatWasPublishedJustNowIsNotRemembered) {
    system_now_ = now();
    EXPECT_EQ(recent(), image_of("1.0"));
    ASSERT_TRUE(devices_.remove(devices_.find(key_)->id));
    EXPECT_THROW(recent(), NotFound);
}

TEST_F(DeviceImagesTest, AreOfTheModelThatATokenNames) {
    EXPECT_EQ(recent(), image_of("1.0"));
    reference_.model_code = ModelCode::trusted("b");
    EXPECT_THROW(recent(), NotAllowed);
    reference_.model_code = ModelCode::trusted("a");
    EXPECT_EQ(recent(), image_of("1.0"));
}

TEST_F(DeviceImagesTest, WhatIsNotThereIsNotRemembered) {
    reference_.key = "nobody00";
    EXPECT_THROW(recent(), NotFound);
    ASSERT_TRUE(devices_.insert(model_, DeviceKey::trusted("nobody00"), std::nullopt).device);
    EXPECT_EQ(recent(), image_of("1.0"));
}

}  // namespace
}  // namespace coredepot::core
