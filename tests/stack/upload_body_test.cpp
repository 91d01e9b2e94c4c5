// The bytes of an upload: how many, and however they come.

#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"
#include "support/temporary_folder.hpp"
#include "upload.hpp"

using namespace coredepot::test;

namespace {

HttpResponse post_chunked(const std::string& target, const std::string& body) {
    return stack().client().send({"POST", target, body, {}, true});
}

/// Sends the head of an upload, as a device does.
void send_head(const RawConnection& connection, const std::string& target,
               const std::string& body_headers) {
    connection.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                    body_headers + "\r\n\r\n");
}

TEST(Upload, RefusesAnEmptyBody) {
    const auto device = make_device();
    const auto* text = "No coredump content provided";
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post(target, ""), 400, "VALIDATION_FAILED", text));
    EXPECT_TRUE(is_error(post_chunked(target, ""), 400, "VALIDATION_FAILED", text));
    const RawConnection connection(stack().port());
    send_head(connection, target, "X-Nothing: said about a body");
    EXPECT_TRUE(is_error(connection.receive_response(), 400, "VALIDATION_FAILED", text));
    expect_nothing_stored(device);
}

TEST(Upload, TakesDumpsUpToAMebibyte) {
    const auto device = make_device();
    for (const std::size_t size : {std::size_t{1}, kMebibyte - 1, kMebibyte}) {
        const auto bytes = bytes_of(size);
        const auto coredump = accepted(post(upload_target(device.key), bytes));
        EXPECT_EQ(column(coredump, "size"), std::to_string(size));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << size;
    }
}

TEST(Upload, RefusesDumpsOverAMebibyte) {
    const auto device = make_device();
    const auto* text = "Coredump exceeds maximum size of 1MB";
    for (const std::size_t size : {kMebibyte + 1, kMebibyte + 100'000}) {
        EXPECT_TRUE(is_error(post(upload_target(device.key), bytes_of(size)), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, NginxRefusesWhatIsFarTooLarge) {
    const auto device = make_device();
    const auto large = bytes_of(64 * kMebibyte);
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post(target, large, {"Expect: 100-continue"}), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(post(target, large), 413, "PAYLOAD_TOO_LARGE"));
    // Announced only: it need not come to be refused.
    const RawConnection connection(stack().port());
    send_head(connection, target, "Content-Length: 9223372036854775807");
    connection.finish_sending();
    EXPECT_TRUE(is_error(connection.receive_response(), 413, "PAYLOAD_TOO_LARGE"));
    expect_nothing_stored(device);
}

TEST(Upload, TakesChunkedBodies) {
    const auto device = make_device();
    for (const std::size_t size : {std::size_t{1}, std::size_t{70'000}, kMebibyte}) {
        const auto bytes = bytes_of(size);
        const auto coredump = accepted(post_chunked(upload_target(device.key), bytes));
        EXPECT_EQ(column(coredump, "size"), std::to_string(size));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << size;
    }
}

TEST(Upload, RefusesChunkedBodiesOverTheLimit) {
    const auto device = make_device();
    const auto target = upload_target(device.key);
    EXPECT_TRUE(is_error(post_chunked(target, bytes_of(kMebibyte + 1)), 400, "VALIDATION_FAILED",
                         "Coredump exceeds maximum size of 1MB"));
    EXPECT_TRUE(is_error(post_chunked(target, bytes_of(4 * kMebibyte)), 413, "PAYLOAD_TOO_LARGE"));
    expect_nothing_stored(device);
}

TEST(Upload, BodyThatBreaksOffIsNotStored) {
    const auto device = make_device();
    const auto target = upload_target(device.key);
    const auto broken_off = [] {
        const auto log = stack().logs().at("access.log");
        const std::regex line("coredump\" status=400");
        return std::distance(std::sregex_iterator(log.begin(), log.end(), line), {});
    };
    const auto before = broken_off();
    // A firmware version that the access log does not show, but our request's id does.
    for (const auto* head : {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
        const RawConnection connection(stack().port());
        send_head(connection, target, head);
        connection.send("1f4\r\n" + std::string(300, 'x'));
        connection.finish_sending();
        const auto response = connection.receive_response();
        // nginx may say that this was no request, or just hang up.
        EXPECT_TRUE(response.status == 0 || response.status == 400) << response;
    }
    {
        const RawConnection connection(stack().port());
        send_head(connection, target, "Content-Length: 1000");
        connection.send(std::string(999, 'x'));
    }
    // They are over when nginx has logged all three.
    EXPECT_TRUE(eventually([&] { return broken_off() == before + 3; }));
    expect_nothing_stored(device);
    EXPECT_EQ(post(target).status, 201);
}

TEST(Upload, TakesAnyContentType) {
    const auto device = make_device();
    const std::string body = "a=1&b=2";
    for (const auto* type :
         {"application/octet-stream", "application/x-www-form-urlencoded", "application/json",
          "multipart/form-data; boundary=x", "text/plain; charset=utf-16", "no type at all", ";"}) {
        const auto coredump =
            accepted(post(upload_target(device.key), body, {"Content-Type: " + std::string(type)}));
        EXPECT_EQ(read_bytes(device.folder() / coredump.filename), body) << type;
    }
    EXPECT_EQ(post(upload_target(device.key), body).status, 201);
}

TEST(Upload, TakesAFileOutOfAForm) {
    const auto device = make_device();
    const std::string type = "Content-Type: multipart/form-data; boundary=x";
    const auto form = [](const std::string& content) {
        return "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nin the cellar\r\n"
               "--x\r\nContent-Disposition: form-data; name=\"dump\"; "
               "filename=\"core.bin\"\r\n\r\n" +
               content + "\r\n--x--\r\n";
    };
    for (const std::size_t size : {std::size_t{1}, kMebibyte}) {
        const auto bytes = bytes_of(size);
        const auto coredump = accepted(post(upload_target(device.key), form(bytes), {type}));
        EXPECT_EQ(column(coredump, "size"), std::to_string(size));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << size;
    }
    const auto other = make_device();
    const auto target = upload_target(other.key);
    const auto refused = [&](const std::string& body, const char* text) {
        return is_error(post(target, body, {type}), 400, "VALIDATION_FAILED", text);
    };
    EXPECT_TRUE(refused(form(""), "No coredump content provided"));
    EXPECT_TRUE(refused(form(bytes_of(kMebibyte + 1)), "Coredump exceeds maximum size of 1MB"));
    EXPECT_TRUE(refused("--x\r\ncut off", "The multipart body is cut off, or has no parts"));
    expect_nothing_stored(other);
}

TEST(Upload, UnpacksGzip) {
    const auto device = make_device();
    const auto packed = [](const std::string& bytes) {
        const TemporaryFolder folder;
        write_file(folder.path() / "dump", bytes);
        return run_command({"/usr/bin/gzip", "-nc", (folder.path() / "dump").string()}).output;
    };
    const auto bytes = std::string(kMebibyte - 100'000, 'x') + bytes_of(100'000);
    for (const auto* coding : {"gzip", "GZIP", "x-gzip"}) {
        const auto coredump = accepted(post(upload_target(device.key), packed(bytes),
                                            {"Content-Encoding: " + std::string(coding)}));
        EXPECT_EQ(column(coredump, "size"), std::to_string(kMebibyte));
        EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes) << coding;
    }
    const auto plain =
        accepted(post(upload_target(device.key), packed(bytes), {"Content-Encoding: identity"}));
    EXPECT_TRUE(read_bytes(device.folder() / plain.filename) == packed(bytes));

    const auto other = make_device();
    const auto target = upload_target(other.key);
    EXPECT_TRUE(is_error(post(target, packed(bytes + "x"), {"Content-Encoding: gzip"}), 400,
                         "VALIDATION_FAILED", "Coredump exceeds maximum size of 1MB"));
    EXPECT_TRUE(is_error(post(target, bytes, {"Content-Encoding: gzip"}), 400, "VALIDATION_FAILED",
                         "The body is not the gzip that its Content-Encoding says"));
    for (const auto* coding : {"deflate", "br", "zstd", "gzip, gzip", "aws-chunked"}) {
        const auto response = post(target, bytes, {"Content-Encoding: " + std::string(coding)});
        EXPECT_TRUE(is_error(response, 415, "UNSUPPORTED_MEDIA_TYPE")) << coding;
        EXPECT_EQ(response.header("accept-encoding"), "gzip, identity");
    }
    expect_nothing_stored(other);
    // Nobody else unpacks anything.
    EXPECT_TRUE(
        is_error(stack().client().post("/api/devices", packed("{}"), {"Content-Encoding: gzip"}),
                 415, "UNSUPPORTED_MEDIA_TYPE"));
}

TEST(Upload, TakesSlowBodies) {
    const auto device = make_device();
    const auto other = make_device();
    constexpr std::size_t kPiece = 1024;
    const auto bytes = bytes_of(200 * kPiece);
    const RawConnection connection(stack().port());
    send_head(connection, upload_target(device.key),
              "Content-Length: " + std::to_string(bytes.size()));
    for (std::size_t sent = 0; sent < bytes.size(); sent += kPiece) {
        ASSERT_TRUE(connection.send(std::string_view(bytes).substr(sent, kPiece)));
        // Others need not wait for this one.
        if (sent % (20 * kPiece) == 0) upload(other);
    }
    const auto coredump = accepted(connection.receive_response());
    EXPECT_TRUE(read_bytes(device.folder() / coredump.filename) == bytes);
}

TEST(Upload, StoresBase64AsItCame) {
    const auto device = make_device();
    const auto uart = read_bytes(COREDEPOT_SOURCE_DIR "/tests/data/crash/coredump.b64");
    ASSERT_FALSE(uart.empty());
    const auto coredump = upload(device, uart);
    EXPECT_EQ(read_bytes(device.folder() / coredump.filename), uart);
}

}  // namespace
