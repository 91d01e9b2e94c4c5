// Requests that nobody means well by, to every endpoint: refused as the client's fault, or not
// answered at all, and nothing dies of them. Here: bodies, and bytes that are no request.

#include "hostile.hpp"

#include <random>

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

TEST_F(Hostile, Chunks) {
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string& body :
             {std::string("0\r\n\r\n"), std::string("z\r\n"), std::string("-1\r\nx\r\n0\r\n\r\n"),
              std::string("5\r\nab"), std::string("5\r\nabcdefgh\r\n0\r\n\r\n"),
              std::string("5;ext=\"\xff\"\r\nabcde\r\n0\r\n\r\n"),
              std::string("ffffffffffffffff\r\nx"), std::string("fffffffffffffffff\r\nx"),
              std::string("00000000000000000000005\r\nabcde\r\n0\r\n\r\n"),
              std::string("5\nabcde\n0\n\n"), std::string("0\r\nTrailer: x\r\n\r\n"),
              std::string("\r\n"), std::string("5\r\nabcde\r\n")}) {
            attack(method, text({path, "?", query}), "Transfer-Encoding: chunked\r\n", body);
            attack(method, text({path, "?", query}),
                   "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", body);
        }
    }
}

TEST_F(Hostile, Bodies) {
    constexpr const char* kMultipart = "Content-Type: multipart/form-data; boundary=b\r\n";
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string& body :
             {std::string("\0", 1), std::string(1000, '\0'), std::string(1000, '\xff'),
              std::string("{"), std::string(60'000, '['), std::string("--b"), std::string("--b--"),
              std::string("--b\r\n\r\n\r\n--b--"),
              std::string("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--b--"),
              std::string("PK\x03\x04"), "PK\x03\x04" + std::string(500, '\xff'),
              std::string("PK\x05\x06") + std::string(18, '\0')}) {
            const auto length = text({"Content-Length: ", std::to_string(body.size()), "\r\n"});
            // What is meant to be taken is not hostile to this one.
            if (path == "/api/iot/coredump") continue;
            EXPECT_NE(attack(method, text({path, "?", query}), length, body).status, 0);
            EXPECT_NE(
                attack(method, text({path, "?", query}), text({kMultipart, length}), body).status,
                0);
        }
    }
}

TEST_F(Hostile, OtherProtocols) {
    // HTTP/0.9 has no headers, so it cannot be answered as all others are.
    for (const auto& [method, path, query] : endpoints) {
        EXPECT_EQ(attack(text({"GET ", path, "?", query, "\r\n"})).status, 0);
    }
    for (const std::string& bytes :
         {std::string("GET /health HTTP/0.9\r\n\r\n"),
          std::string("GET /health HTTP/1.2\r\nHost: x\r\nConnection: close\r\n\r\n"),
          std::string("GET /health HTTP/3.0\r\nHost: x\r\n\r\n"),
          std::string("GET /health HTTP/99999.1\r\n\r\n"),
          std::string("GET /health HTTPS/1.1\r\n\r\n"),
          std::string("GET /health\r\n\r\n"),
          std::string("GET\r\n\r\n"),
          std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          std::string("\r\n\r\n\r\n"),
          std::string("\n"),
          std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
          std::string("\x80\x2e\x01", 3),
          std::string("SSH-2.0-x\r\n"),
          std::string("EHLO x\r\n"),
          std::string("* 1 FETCH\r\n"),
          std::string("GET /health HTTP/1.1\r\nHost: x"),
          std::string("GET /health HTTP/1.1\r\n\r\n"),
          std::string("GET /health HTTP/1.0\r\n\r\n"),
          std::string(20'000, 'A'),
          std::string(100'000, '\0'),
          std::string("\x05\x01\x00", 3)}) {
        attack(bytes);
    }
    EXPECT_EQ(attack("GET /health HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(Hostile, RequestsSmuggledInBodies) {
    for (const auto& [method, path, query] : endpoints) {
        attack(method, text({path, "?", query}),
               "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
               "0\r\n\r\nDELETE /api/devices HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
}

TEST_F(Hostile, RandomBytes) {
    std::mt19937 random(20'261'120);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    const auto below = [&](std::size_t limit) { return random() % limit; };
    for (int i = 0; i < 1500; ++i) {
        const auto& [method, path, query] = endpoints[below(endpoints.size())];
        // A core dump of any bytes is a good one, and retention would take the one that is asked
        // for.
        if (path == "/api/iot/coredump") continue;
        auto request = text({method, " ", path, "?", query, " HTTP/1.1\r\n", kHost,
                             "Content-Length: 20\r\nContent-Type: application/json\r\n\r\n",
                             R"({"name": "x", "a": 1})"});
        const auto changes = 1 + below(8);
        for (std::size_t change = 0; change < changes; ++change) {
            const auto at = below(request.size());
            switch (below(4)) {
                case 0:
                    request[at] = static_cast<char>(random());
                    break;
                case 1:
                    request.insert(at, 1 + below(20), static_cast<char>(random()));
                    break;
                case 2:
                    request.erase(at, 1 + below(10));
                    break;
                default:
                    request.insert(at, request.substr(below(request.size()), 1 + below(200)));
                    break;
            }
        }
        attack(request);
        if (HasFailure()) return;
    }
    for (int i = 0; i < 200; ++i) {
        std::string noise(1 + below(2000), '\0');
        for (auto& byte : noise) byte = static_cast<char>(random());
        attack(noise);
    }
}

}  // namespace
