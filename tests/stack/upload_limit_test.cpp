// How often one device may upload.

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

// One a minute comes back, so that a test on a slow machine counts the same.
const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""},
                    {"MAX_COREDUMPS", "1000"},
                    {"UPLOAD_BURST", "5"},
                    {"UPLOAD_RATE_PER_MINUTE", "1"}};
});

HttpResponse post(const std::string& device_key) {
    return stack().client().post(upload_target(device_key), "a core dump");
}

TEST(UploadLimit, OverItADeviceIsToldWhenToTryAgain) {
    const auto device = make_device();
    for (int i = 0; i < 5; ++i) upload(device);
    const auto response = post(device.key);
    EXPECT_TRUE(is_error(response, 429, "RATE_LIMITED", "The device uploads too many core dumps"));
    const auto seconds = std::stoi(response.header("retry-after"));
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 60);
    EXPECT_EQ(rows_of(device).size(), 5U);
    EXPECT_EQ(names_in(device.folder()).size(), 5U);
}

TEST(UploadLimit, OthersAreNotHeldUp) {
    const auto model = make_model();
    const auto greedy = make_device(model);
    const auto modest = make_device(model);
    for (int i = 0; i < 10; ++i) post(greedy.key);
    upload(modest);
    EXPECT_EQ(rows_of(greedy).size(), 5U);
}

TEST(UploadLimit, OtherRequestsOfTheDeviceDoNotCount) {
    const auto device = make_device();
    const auto version = "/api/iot/firmware-version?device_key=" + device.key;
    for (int i = 0; i < 50; ++i) EXPECT_EQ(stack().client().get(version).status, 200);
    // What is no core dump does not either.
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(stack().client().post(upload_target(device.key), "").status, 400);
    }
    for (int i = 0; i < 5; ++i) upload(device);
    EXPECT_EQ(post(device.key).status, 429);
    EXPECT_EQ(stack().client().get(version).status, 200);
}

TEST(UploadLimit, IsOneForAllProcesses) {
    const auto device = make_device();
    for (int i = 0; i < 5; ++i) upload(device);
    // Each answered by whichever of the processes is free.
    for (int i = 0; i < 20; ++i) EXPECT_EQ(post(device.key).status, 429);
}

}  // namespace
