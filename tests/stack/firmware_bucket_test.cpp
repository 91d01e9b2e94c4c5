// Two machines with folders of their own, one database and one bucket: firmware.

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/s3_server.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;
using coredepot::sha256_hex;

namespace {

namespace fs = std::filesystem;

S3Server& store() {
    static S3Server server;
    return server;
}

Settings settings(const Settings& others = {}) {
    Settings all = store().settings();
    all.insert({"PARSE_SIDECAR_URL", ""});
    all.insert(others.begin(), others.end());
    return all;
}

const bool kStack = use_stack([] { return settings(); });

/// The other machine.
Stack& other() {
    static const TemporaryFolder folder;
    static Stack stack_of_other(
        folder.path(), settings({{"DATABASE_URL", read_bytes(stack().state() / "database_url")}}));
    return stack_of_other;
}

std::string bundle_of(const FleetModel& model, const std::string& version,
                      const std::string& elf =
                          "\x7f"
                          "ELF") {
    return zip(bundle_entries(model.code, version, elf));
}

std::string image_of(const FleetModel& model, const std::string& version,
                     const std::string& elf =
                         "\x7f"
                         "ELF") {
    return bundle_entries(model.code, version, elf)[0].second;
}

std::string device_path(const FleetDevice& device) {
    return "/api/iot/firmware?device_key=" + device.key;
}

TEST(FirmwareBucket, WhatOneMachineTookInBothServe) {
    const auto device = make_device();
    for (const auto* version : {"1.0", "2.0", "1.0"}) {
        upload_firmware(device.model, bundle_of(device.model, version));
        const auto image = image_of(device.model, version);
        for (auto* machine : {&stack(), &other()}) {
            const auto response = machine->client().get(device_path(device));
            EXPECT_EQ(response.status, 200);
            EXPECT_EQ(response.body, image);
            EXPECT_EQ(response.header("etag"), '"' + sha256_hex(image) + '"');
            EXPECT_EQ(machine->client()
                          .get("/api/iot/firmware-version?device_key=" + device.key)
                          .json()
                          .at("firmware_version")
                          .text(),
                      version);
        }
    }
    EXPECT_FALSE(exists(stack().assets_dir() / device.model.code));
}

TEST(FirmwareBucket, ADeviceResumesOnAnotherMachine) {
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, "1.0"));
    const auto image = image_of(device.model, "1.0");
    auto here = stack().client();
    const auto half = image.size() / 2;
    const auto first =
        here.get(device_path(device), {"Range: bytes=0-" + std::to_string(half - 1)});
    EXPECT_EQ(first.status, 206);
    const HttpClient::Headers rest{"Range: bytes=" + std::to_string(half) + '-',
                                   "If-Range: " + first.header("etag")};
    const auto second = other().client().get(device_path(device), rest);
    EXPECT_EQ(second.status, 206);
    EXPECT_EQ(first.body + second.body, image);
    EXPECT_EQ(other()
                  .client()
                  .get(device_path(device), {"If-None-Match: " + first.header("etag")})
                  .status,
              304);
    // Another build meanwhile: the whole of that, as soon as this machine knows.
    upload_firmware(device.model, bundle_of(device.model, "1.0", "another elf"));
    EXPECT_TRUE(eventually([&] {
        const auto whole = other().client().get(device_path(device), rest);
        EXPECT_TRUE(whole.status != 206 || whole.body == second.body);
        return whole.status == 200 && whole.body == image_of(device.model, "1.0", "another elf");
    }));
}

TEST(FirmwareBucket, AMachineThatLostItsCacheFetchesItAgain) {
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, "1.0"));
    other().client().get(device_path(device));
    fs::remove_all(other().assets_dir() / ".images");
    const auto response = other().client().get(device_path(device));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, image_of(device.model, "1.0"));
}

TEST(FirmwareBucket, WhileTheStoreIsAwayWhatIsCachedIsServed) {
    const auto device = make_device();
    upload_firmware(device.model, bundle_of(device.model, "1.0"));
    auto here = stack().client();
    EXPECT_EQ(here.get(device_path(device)).status, 200);
    store().go_down();
    EXPECT_EQ(here.get(device_path(device)).body, image_of(device.model, "1.0"));
    const auto cold = other().client().get(device_path(device));
    EXPECT_EQ(cold.status, 503);
    EXPECT_NE(cold.header("retry-after"), "");
    const auto refused = here.post(device.model.firmware_path(), bundle_of(device.model, "2.0"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(here.get(device_path(device)).body, image_of(device.model, "1.0"));
    store().come_back();
    EXPECT_EQ(other().client().get(device_path(device)).body, image_of(device.model, "1.0"));
    upload_firmware(device.model, bundle_of(device.model, "2.0"));
    EXPECT_EQ(here.get(device_path(device)).body, image_of(device.model, "2.0"));
}

TEST(FirmwareBucket, ADeletedModelTakesItsFirmwareWithIt) {
    const auto model = make_model();
    upload_firmware(model, bundle_of(model, "1.0"));
    const auto left = [&] {
        std::size_t count = 0;
        for (const auto& key : store().keys()) {
            if (key.find('/' + model.code + '/') != std::string::npos) ++count;
        }
        return count;
    };
    EXPECT_EQ(left(), 2U);
    EXPECT_EQ(other().client().del(model.path()).status, 204);
    EXPECT_EQ(left(), 0U);
}

}  // namespace
