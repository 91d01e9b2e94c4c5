// Devices on bad Wi-Fi, and people who pretend to be: they do not keep others waiting.

#include <deque>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""}, {"MAX_COREDUMPS", "1000"}};
});

/// More than there are processes of any handler.
constexpr int kSlow = 50;
/// More than the sockets of a connection hold (net.ipv4.tcp_wmem: 4 MiB).
constexpr std::size_t kLarge = 12'582'912;

std::string head(const std::string& method, const std::string& target, std::size_t length = 0) {
    return method + ' ' + target +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
           std::to_string(length) + "\r\n\r\n";
}

/// Connections that ask for something large and do not read the answer.
std::deque<RawConnection> slow_readers(const std::string& target, int count = kSlow) {
    std::deque<RawConnection> readers;
    for (int i = 0; i < count; ++i) {
        readers.emplace_back(stack().port()).keep_receive_buffer_small();
        readers.back().send(head("GET", target));
    }
    return readers;
}

TEST(SlowClients, UploadsThatTrickleInDoNotHoldHandlers) {
    constexpr int kPieces = 20;
    const std::string piece(1024, 'x');
    const auto slow = make_device();
    const auto fast = make_device();
    std::deque<RawConnection> connections;
    for (int i = 0; i < kSlow; ++i) {
        connections.emplace_back(stack().port())
            .send(head("POST", upload_target(slow.key), kPieces * piece.size()));
    }
    for (int i = 0; i < kPieces; ++i) {
        upload(fast);  // with all of them on their way
        for (const auto& connection : connections) connection.send(piece);
    }
    for (const auto& connection : connections) {
        EXPECT_EQ(connection.receive_response().status, 201);
    }
    EXPECT_EQ(rows_of(slow).size(), std::size_t{kSlow});
    EXPECT_EQ(rows_of(fast).size(), std::size_t{kPieces});
}

TEST(SlowClients, HeadersThatTrickleInDoNotEither) {
    const auto device = make_device();
    std::deque<RawConnection> connections;
    for (int i = 0; i < kSlow; ++i) {
        connections.emplace_back(stack().port()).send("POST " + upload_target(device.key));
    }
    upload(device);
    for (const auto& connection : connections) {
        connection.send(
            " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
        EXPECT_EQ(connection.receive_response().status, 201);
    }
}

TEST(SlowClients, DownloadsOfFirmwareDoNotHoldHandlers) {
    const auto device = make_device();
    upload_firmware(device.model, esp_image("1.0.0", "", kLarge));
    const auto path = "/api/iot/firmware?device_key=" + device.key;
    const auto readers = slow_readers(path);
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(stack().client().get(path, {"Range: bytes=0-4095"}).status, 206);
    }
}

TEST(SlowClients, LongAnswersDoNotHoldHandlers) {
    const auto device = make_device();
    const auto coredump = upload(device);
    stack().sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = repeat('x', " +
                std::to_string(kLarge) + ") WHERE id = " + std::to_string(coredump.id));
    const auto readers = slow_readers(device.coredump_path(coredump.id), 10);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(stack().client().get(device.coredump_path(coredump.id)).status, 200);
    }
}

}  // namespace
