// What docs/esp-idf does on a device, compiled for this machine and against the stack: a core dump
// is sent until the server has it and not once more, and firmware arrives whole however often the
// line breaks.

#include "esp_idf/esp_idf.hpp"

#include <string>

#include <gtest/gtest.h>

#include "coredepot.h"
#include "support/child_process.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"
#include "upload.hpp"

using namespace coredepot::test;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

const bool kStack = use_stack([] {
    auto settings = issuer().settings();
    settings.emplace("PARSE_SIDECAR_URL", "");
    return settings;
});

class EspIdf : public testing::Test {
  protected:
    EspIdf() {
        esp_device() = {};
        // Longer than the 512 bytes that ESP-IDF has for a request's headers.
        token() = issuer().device(device_.model.code, device_.key);
        EXPECT_GT(token().size(), 400U);
    }

    static std::string& token() {
        static std::string of_the_device;
        return of_the_device;
    }
    coredepot_config_t config() const {
        return {.base_url = url_.c_str(),
                .chip = "esp32c3",
                .version = version_.c_str(),
                .ca_pem = nullptr,
                .token = [] { return token().empty() ? nullptr : token().c_str(); },
                .device_key = nullptr};
    }
    esp_err_t upload() {
        const auto with = config();
        return coredepot_upload_core_dump(&with, &retry_after_);
    }
    esp_err_t update() const {
        const auto with = config();
        return coredepot_update_firmware(&with);
    }
    /// With an image of this version, of several pieces.
    std::string publish(const std::string& version) const {
        auto image = esp_image(version, "", kImageBytes);
        upload_firmware(device_.model, image);
        return image;
    }

    static constexpr std::size_t kImageBytes = 50'000;
    const FleetDevice device_ = [] {
        stack().clients_send({bearer(issuer().role("admin"))});
        return make_device();
    }();
    std::string url_ = stack().url();
    std::string version_ = "1.0.0";
    int retry_after_ = -1;
};

TEST_F(EspIdf, WithoutACoreDumpNothingIsSent) {
    EXPECT_EQ(upload(), ESP_ERR_NOT_FOUND);
    EXPECT_TRUE(rows_of(device_).empty());
}

TEST_F(EspIdf, ACoreDumpIsSentAndErased) {
    const auto bytes = bytes_of(70'001);
    esp_device().core_dump = bytes;
    EXPECT_EQ(upload(), ESP_OK);
    EXPECT_EQ(esp_device().erased, 1);
    const auto rows = rows_of(device_);
    ASSERT_EQ(rows.size(), 1U);
    const auto row = stack().client().get(device_.coredump_path(rows.front())).json();
    EXPECT_EQ(row.at("chip").text(), "esp32c3");
    EXPECT_EQ(row.at("firmware_version").text(), "1.0.0");
    EXPECT_TRUE(read_bytes(device_.folder() / row.at("filename").text()) == bytes);
    EXPECT_EQ(upload(), ESP_ERR_NOT_FOUND);
}

TEST_F(EspIdf, AnyVersionIsSentAsItIs) {
    esp_device().core_dump = bytes_of(100);
    version_ = "v1.4.2-3-gabc+7 & 100% \"dirty\"";
    EXPECT_EQ(upload(), ESP_OK);
    const auto row = stack().client().get(device_.coredump_path(rows_of(device_).at(0))).json();
    EXPECT_EQ(row.at("firmware_version").text(), version_);
}

TEST_F(EspIdf, OneWhoseAnswerWasLostIsOneRecord) {
    esp_device().core_dump = bytes_of(5000);
    esp_device().loses_next_answer = true;
    EXPECT_NE(upload(), ESP_OK);
    EXPECT_EQ(esp_device().erased, 0) << "it may not have arrived";
    EXPECT_EQ(rows_of(device_).size(), 1U) << "it has";
    EXPECT_EQ(upload(), ESP_OK);
    EXPECT_EQ(esp_device().erased, 1);
    EXPECT_EQ(rows_of(device_).size(), 1U);
}

TEST_F(EspIdf, ItIsKeptForABetterDay) {
    esp_device().core_dump = bytes_of(5000);
    url_ = "http://127.0.0.1:" + std::to_string(free_port());
    EXPECT_NE(upload(), ESP_OK) << "nobody listens";
    url_ = stack().url();
    const auto good = token();
    token() = issuer().device(device_.model.code, "notknown");
    EXPECT_NE(upload(), ESP_OK) << "not registered yet";
    token() = "not a token";
    EXPECT_NE(upload(), ESP_OK) << "no longer good";
    token() = "";
    EXPECT_NE(upload(), ESP_OK) << "none to be had";
    EXPECT_EQ(esp_device().erased, 0);
    token() = good;
    EXPECT_EQ(upload(), ESP_OK);
    EXPECT_EQ(rows_of(device_).size(), 1U);
}

TEST_F(EspIdf, WhatWillNeverBeTakenIsErased) {
    esp_device().core_dump = bytes_of(kMebibyte + 1);
    EXPECT_EQ(upload(), ESP_ERR_INVALID_RESPONSE);
    EXPECT_EQ(esp_device().erased, 1);
    EXPECT_TRUE(rows_of(device_).empty());
}

TEST_F(EspIdf, TheCurrentFirmwareIsNotFetchedAgain) {
    EXPECT_EQ(update(), ESP_ERR_NOT_FOUND) << "there is none";
    publish("1.0.0");
    EXPECT_EQ(update(), ESP_ERR_NOT_FOUND);
    EXPECT_FALSE(esp_device().booted);
}

TEST_F(EspIdf, WhoAsksForFirmwareSaysWhatItRuns) {
    version_ = "v1.4.2-3-gabc+7 & 100%";
    EXPECT_EQ(update(), ESP_ERR_NOT_FOUND);
    EXPECT_EQ(stack().sql_value("SELECT running_version FROM devices WHERE id = " +
                                std::to_string(device_.id)),
              version_);
}

TEST_F(EspIdf, NewFirmwareIsBootedNext) {
    for (const auto* version : {"1.0.1", "1.0.0-rc1", "1.0"}) {
        const auto image = publish(version);
        EXPECT_EQ(update(), ESP_OK) << version;
        EXPECT_TRUE(esp_device().booted == image) << version;
    }
}

TEST_F(EspIdf, ADownloadThatBreaksGoesOnWhereItWas) {
    const auto image = publish("1.1.0");
    esp_device().next_body_breaks_after = 20'000;
    EXPECT_EQ(update(), ESP_OK);
    EXPECT_TRUE(esp_device().booted == image);
    // The rest was asked for, and only that came.
    EXPECT_TRUE(eventually([] {
        return stack().logs().at("access.log").rfind("\"GET /api/iot/firmware\" status=206") !=
               std::string::npos;
    }));
}

TEST_F(EspIdf, HalvesOfTwoImagesNeverMix) {
    publish("1.2.0");
    esp_device().next_body_breaks_after = 20'000;
    std::string other;
    esp_device().on_break = [&] { other = publish("1.3.0"); };
    EXPECT_EQ(update(), ESP_OK);
    EXPECT_TRUE(esp_device().booted == other);
}

}  // namespace
