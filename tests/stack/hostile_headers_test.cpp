// Hostile requests by their headers.

#include <gtest/gtest.h>

#include "hostile.hpp"

using namespace coredepot::test;

namespace {

TEST_F(Hostile, Headers) {
    for (const auto& [method, path, query] : endpoints) {
        const auto target = text({path, "?", query});
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many.append("X-").append(std::to_string(i)).append(": x\r\n");
        for (const std::string& headers :
             {"X-Giant: " + std::string(15'000, 'a') + "\r\n",
              "X-Giant: " + std::string(70'000, 'a') + "\r\n",
              "Authorization: Bearer " + std::string(15'000, 'a') + "\r\n",
              "Cookie: " + std::string(60'000, 'c') + "\r\n",
              many,
              std::string("Host: y\r\n"),
              std::string("Host: \r\n"),
              std::string(": no name\r\n"),
              std::string("no colon\r\n"),
              std::string(" folded\r\n"),
              std::string("X: 1\r\n\tfolded\r\n"),
              std::string("X: 1\n"),
              std::string("X: 1\r"),
              std::string("X\0Y: 1\r\n", 8),
              std::string("X : space\r\n"),
              std::string("Content-Length: -1\r\n"),
              std::string("Content-Length: 1e3\r\n"),
              std::string("Content-Length: 0x10\r\n"),
              std::string("Content-Length: \r\n"),
              std::string("Content-Length: 99999999999999999999999\r\n"),
              std::string("Content-Length: 1\r\nContent-Length: 2\r\n"),
              std::string("Content-Length: 5, 5\r\n"),
              std::string("Content-Length: 10\r\n"),
              std::string("Transfer-Encoding: gzip\r\n"),
              std::string("Transfer-Encoding: identity\r\n"),
              std::string("Transfer-Encoding: chunked, chunked\r\n"),
              std::string("Transfer-Encoding: \x0b"
                          "chunked\r\n"),
              std::string("Transfer-Encoding: chunked\r\n"),
              std::string("Expect: nonsense\r\n"),
              std::string("Expect: 100-continue\r\nContent-Length: 5\r\n"),
              std::string("Upgrade: websocket\r\n"),
              std::string("Upgrade: h2c\r\nHTTP2-Settings: x\r\n"),
              std::string("Proxy: http://x\r\n"),
              std::string("X-Accel-Redirect: /_internal/coredumps/x\r\n"),
              std::string("X-Request-Id: mine\r\n"),
              std::string("X-HTTP-Method-Override: DELETE\r\n"),
              std::string("Content-Type: multipart/form-data; boundary=\"\r\n"),
              "Content-Type: multipart/form-data; boundary=" + std::string(5000, 'b') + "\r\n",
              std::string("Accept-Encoding: gzip\r\n"),
              std::string("Connection: keep-alive, x\r\n")}) {
            attack(method, target, headers);
        }
    }
}

TEST_F(Hostile, ConditionsAndRanges) {
    std::string ranges = "0-0";
    for (int i = 1; i < 1000; ++i) ranges.append(",").append(std::to_string(i)).append("-");
    for (const auto& endpoint : endpoints) {
        const auto target = text({endpoint.path, "?", endpoint.query});
        for (const std::string& range :
             {std::string("bytes=abc"), std::string("bytes="), std::string("bytes=-"),
              std::string("bytes=5-1"), std::string("bytes=--1"), std::string("lines=0-1"),
              std::string("bytes=0-0,"), std::string("bytes=99999999999999999999-"),
              std::string("bytes=-99999999999999999999"),
              std::string("bytes=0-99999999999999999999"), "bytes=" + ranges}) {
            attack("GET", target, text({"Range: ", range, "\r\n"}));
            attack("HEAD", target, text({"Range: ", range, "\r\nIf-Range: \"x\r\n"}));
        }
        for (const std::string& tag :
             {std::string("\""), std::string("W/"), std::string("*, *"), std::string(",,,,"),
              std::string(10'000, '"'), std::string(10'000, ','), std::string(R"(W/"\")")}) {
            attack("GET", target, text({"If-None-Match: ", tag, "\r\n"}));
            attack("GET", target, text({"If-Match: ", tag, "\r\n"}));
            attack("GET", target, text({"If-Range: ", tag, "\r\nRange: bytes=0-1\r\n"}));
            attack("GET", target,
                   text({"If-Modified-Since: ", tag, "\r\nIf-Unmodified-Since: ", tag, "\r\n"}));
        }
    }
}

}  // namespace
