// Requests that nobody means well by, to every endpoint: refused as the client's fault, or not
// answered at all, and nothing dies of them.

#include <random>

#include <gtest/gtest.h>

#include "support/exchange_log.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

constexpr const char* kHost = "Host: x\r\nConnection: close\r\n";

std::string text(std::initializer_list<std::string_view> pieces) {
    std::string whole;
    for (const auto piece : pieces) whole += piece;
    return whole;
}

/// As much as is worth reading of it in a message.
std::string shown(const std::string& request) {
    return percent_encoded(request.substr(0, 300));
}

/// Sends bytes, and expects what may come of hostile ones. The last request of a connection: what
/// nginx still waits for never comes.
HttpResponse attack(const std::string& bytes) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, shown(bytes));
    const RawConnection connection(stack().port());
    connection.send(bytes);
    connection.finish_sending();
    const auto answer = connection.receive_all();
    // Bytes may be several requests, of which only the first one's answer is looked at closely.
    EXPECT_EQ(answer.find("HTTP/1.1 5"), std::string::npos) << answer;
    const bool has_body = !bytes.starts_with("HEAD ");
    auto response = parse_response(answer, has_body);
    if (response.status != 0) {
        expect_contract(response, "hostile request", has_body);
        record_response(response, has_body);
    }
    return response;
}

HttpResponse attack(const std::string& method, const std::string& target,
                    const std::string& headers = "", const std::string& body = "") {
    return attack(text({method, " ", target, " HTTP/1.1\r\n", kHost, headers, "\r\n", body}));
}

struct Endpoint {
    std::string method;
    std::string path;
    std::string query;
};

/// Every endpoint, with names that exist, so that a request gets as far as it can.
class Hostile : public testing::Test {
  protected:
    void SetUp() override {
        static const auto device = [] {
            auto made = make_device();
            upload_firmware(made.model, esp_image("1.0.0"));
            return made;
        }();
        static const auto coredump = upload(device);
        const auto key = "device_key=" + device.key;
        const auto one = device.coredump_path(coredump.id);
        endpoints = {
            {"POST", "/api/iot/coredump", "chip=esp32&firmware_version=1&" + key},
            {"GET", "/api/iot/firmware", key},
            {"GET", "/api/iot/firmware-version", key},
            {"GET", device.coredumps_path(), ""},
            {"GET", device.coredumps_path() + '/', ""},
            {"GET", one, ""},
            {"GET", one + "/download", ""},
            {"GET", "/api/docs/openapi.yaml", ""},
            {"GET", "/api/device-models", ""},
            {"POST", "/api/device-models", ""},
            {"GET", device.model.path(), ""},
            {"PUT", device.model.path(), ""},
            {"GET", device.model.path() + "/firmware", ""},
            {"POST", device.model.path() + "/firmware", ""},
            {"GET", "/api/devices", "device_model_id=" + std::to_string(device.model.id)},
            {"POST", "/api/devices", ""},
            {"GET", device.path(), ""},
            {"PUT", device.path(), ""},
            {"POST", device.model.firmware_path(), ""},
            {"GET", device.model.firmware_path() + "-version", ""},
            {"GET", "/api/pipeline/upload.sh", ""},
            {"GET", "/api/pipeline/upload.ps1", ""},
            {"GET", "/health", ""},
            {"GET", "/metrics", ""},
        };
        handlers_ = stack().handlers();
    }
    void TearDown() override {
        EXPECT_EQ(stack().handlers(), handlers_) << "a handler died";
        auto client = stack().client();
        for (const auto& endpoint : endpoints) {
            if (endpoint.method != "GET") continue;
            EXPECT_EQ(client.get(endpoint.path + '?' + endpoint.query).status, 200)
                << endpoint.path;
        }
    }

    std::vector<Endpoint> endpoints;

  private:
    std::map<int, std::string> handlers_;
};

TEST_F(Hostile, Methods) {
    for (const auto& [own, path, query] : endpoints) {
        for (const std::string& method :
             {std::string("HEAD"),    std::string("OPTIONS"), std::string("TRACE"),
              std::string("CONNECT"), std::string("PATCH"),   std::string("PROPFIND"),
              std::string("COPY"),    std::string("MKCOL"),   std::string("LOCK"),
              std::string("BREW"),    std::string("get"),     std::string("G"),
              std::string("G_T"),     std::string("GE\tT"),   std::string("G\xff"),
              std::string("G\0T", 3), std::string("GET/"),    std::string("\"GET\""),
              std::string(5000, 'G'), std::string()}) {
            attack(method, text({path, "?", query}));
        }
    }
}

TEST_F(Hostile, Paths) {
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string insert : {"%00",
                                         "%00.json",
                                         "/",
                                         "//",
                                         "/.",
                                         "/..",
                                         "/../..",
                                         "/../../../../../../etc/passwd",
                                         "%2f",
                                         "%2f..%2f..%2f",
                                         "%2e%2e",
                                         "/%2e%2e/%2e%2e/x",
                                         "..%c0%af",
                                         "%252e%252e",
                                         "%",
                                         "%z",
                                         "%2",
                                         "%zz",
                                         "%u0041",
                                         "\\..\\",
                                         ";a=b",
                                         "#x",
                                         "%23",
                                         "%3f",
                                         " ",
                                         "%20",
                                         "%0d%0aX-Injected:%201",
                                         "%0a",
                                         "%ff",
                                         "%c3%28",
                                         "%ed%a0%80",
                                         "*",
                                         "'",
                                         "\"",
                                         "<script>",
                                         "$(id)",
                                         "{}",
                                         "|",
                                         "~",
                                         "%7f",
                                         "%01"}) {
            attack(method, text({path, insert, "?", query}));
            attack(method, text({path, "/", insert, "/x?", query}));
            auto early = path;
            early.insert(std::min(path.size(), std::size_t{5}), insert);
            attack(method, text({early, "?", query}));
        }
        attack(method, text({"/", path, "?", query}));
        attack(method, path.substr(1));
        attack(method, text({"http://user:password@elsewhere:1", path, "?", query}));
    }
    for (const auto* target :
         {"*", "?", "/?", "", "//", "http://", "http:///", "x:y", "://", "/%"}) {
        attack("GET", target);
    }
}

TEST_F(Hostile, EveryByteInPathQueryAndHeader) {
    // Escaped at every fourth endpoint, each time at others, as there are many of them; raw at one.
    constexpr std::size_t kApart = 4;
    for (std::size_t value = 0; value < 256; ++value) {
        const std::string byte(1, static_cast<char>(value));
        const auto escaped = percent_encoded(byte);
        for (auto i = value % kApart; i < endpoints.size(); i += kApart) {
            const auto& [method, path, query] = endpoints[i];
            attack(method, text({path, escaped, "?", query}));
            attack(method, text({path, "?device_key=", escaped, "&chip=", escaped,
                                 "&firmware_version=", escaped, "&", query}));
        }
        const auto& [method, path, query] = endpoints[value % endpoints.size()];
        attack(method, text({path, byte, "?x", query}));
        attack(method,
               text({path, "?chip=", byte, "&firmware_version=", byte, "&device_key=", byte}));
        for (const auto* name :
             {"Authorization", "Content-Type", "X-Forwarded-Host", "If-None-Match", "Range",
              "X-Anything", "Content-Length", "Host"}) {
            attack(method, text({path, "?", query}), text({name, ": a", byte, "b\r\n"}));
        }
        attack(method, path, text({"X-", byte, "Name: x\r\n"}));
    }
}

TEST_F(Hostile, Queries) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many.append("&chip=").append(std::to_string(i));
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string& hostile :
             {std::string("&&&&"), std::string("=&=&="), std::string("%"), std::string("%=%&%z=%z"),
              std::string("chip[]=a&chip[x]=b"),
              std::string("device_key=%00&chip=%00&firmware_version=%00"),
              std::string("device_key=../../x&chip=../../x&firmware_version=../../x"),
              std::string("device_model_id=99999999999999999999999"),
              std::string("device_model_id=%ff"), std::string("device_model_id='%20OR%201=1"),
              std::string("?????"), many.substr(1), std::string(8000, 'a'), std::string(8000, '&'),
              std::string(8000, '='), "device_key=" + std::string(8000, 'a'),
              "chip=" + std::string(8000, '%')}) {
            EXPECT_NE(attack(method, text({path, "?", hostile})).status, 0);
            EXPECT_NE(attack(method, text({path, "?", query, "&", hostile})).status, 0);
        }
    }
}

TEST_F(Hostile, AddressesWithoutEnd) {
    for (const auto& [method, path, query] : endpoints) {
        EXPECT_EQ(attack(method, text({path, "/", std::string(17'000, 'a')})).status, 414);
        EXPECT_EQ(attack(method, text({path, "?", std::string(100'000, 'a')})).status, 414);
    }
    EXPECT_TRUE(is_error(attack("GET", '/' + std::string(20'000, '/')), 414, "VALIDATION_FAILED"));
}

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
               "0\r\n\r\nDELETE /api/devices HTTP/1.1\r\nHost: x\r\n\r\n");
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
