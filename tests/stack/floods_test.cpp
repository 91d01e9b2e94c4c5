// Requests without end from one address.

#include <deque>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

/// This machine's requests are not counted, so tests send from other addresses of it.
constexpr const char* kAddress = "127.0.0.2";
constexpr const char* kOther = "127.0.0.3";

HttpResponse get(const std::string& target, const std::string& headers = "",
                 const std::string& from = kAddress) {
    return raw_exchange(stack().port(),
                        "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                            headers + "\r\n",
                        from);
}

TEST(Floods, AnUpdateInRangesOf4KilobytesIsNone) {
    // As esp_https_ota downloads: a connection for each range.
    constexpr std::size_t kRange = 4096;
    constexpr std::size_t kRanges = 1024;
    const auto device = make_device();
    const auto image = esp_image("1.0.0", "", kRange * kRanges);
    upload_firmware(device.model, image);
    std::string received;
    for (std::size_t i = 0; i < kRanges; ++i) {
        const auto first = std::to_string(i * kRange);
        const auto last = std::to_string((i + 1) * kRange - 1);
        const auto response = get("/api/iot/firmware?device_key=" + device.key,
                                  "Range: bytes=" + first + '-' + last + "\r\n");
        ASSERT_EQ(response.status, 206) << response;
        received += response.body;
    }
    EXPECT_TRUE(received == image);
}

TEST(Floods, OfRequestsAreRefusedByAddress) {
    restart_stack({{"ADDRESS_RATE", "1"}, {"ADDRESS_BURST", "20"}, {"PARSE_SIDECAR_URL", ""}});
    HttpResponse response;
    int answered = 0;
    while ((response = get("/health")).status == 200) ++answered;
    EXPECT_GE(answered, 21);
    EXPECT_TRUE(is_error(response, 429, "RATE_LIMITED", "Too many requests, try again later"));
    // Whatever it asks for, and whatever device it says it is. On a busy machine it may ask so late
    // that one more is answered.
    const auto device = make_device();
    EXPECT_TRUE(eventually(
        [&] { return get("/api/iot/firmware-version?device_key=" + device.key).status == 429; }));
    EXPECT_EQ(get("/health", "", kOther).status, 200);
    EXPECT_EQ(stack().client().get("/health").status, 200);
}

TEST(Floods, OfConnectionsAreRefusedByAddress) {
    restart_stack({{"ADDRESS_CONNECTIONS", "10"}, {"PARSE_SIDECAR_URL", ""}});
    const auto device = make_device();
    const auto begun = "POST " + upload_target(device.key) +
                       " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n"
                       "Expect: 100-continue\r\n\r\n";
    std::deque<RawConnection> waiting;
    for (int i = 0; i < 10; ++i) waiting.emplace_back(stack().port(), kAddress).send(begun);
    // When nginx asks for the bodies, it has counted all of them.
    for (const auto& connection : waiting) {
        connection.receive_until("HTTP/1.1 100 Continue\r\n\r\n");
    }
    EXPECT_TRUE(eventually([] { return get("/health").status == 429; }));
    EXPECT_EQ(get("/health", "", kOther).status, 200);
    for (const auto& connection : waiting) {
        connection.send("12345");
        EXPECT_EQ(connection.receive_response().status, 201);
    }
    // A request counts until nginx is through with its connection.
    EXPECT_TRUE(eventually([] { return get("/health").status == 200; }));
}

}  // namespace
