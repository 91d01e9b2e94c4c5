// Models and devices alike: ids, bodies, methods and paths of both.

#include "registry.hpp"

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

/// Bodies of which no member can be read, whatever it is called.
std::vector<std::string> hostile_bodies() {
    std::string deep(60'000, '[');
    std::string deep_object;
    for (int i = 0; i < 10'000; ++i) deep_object += R"({"a":)";
    return {"",
            "{",
            "}",
            "null",
            "42",
            "\"text\"",
            "[]",
            R"([{"code": "x", "name": "x"}])",
            "{}",
            "{} {}",
            R"({"code": "good", "name": "x")",
            "{'code': 'good', 'name': 'x'}",
            "code=good&name=x",
            std::string("\0", 1),
            std::string("{\"code\": \"good\", \"name\": \"x\"}\0", 30),
            "\xef\xbb\xbf{\"co",
            std::string("\xff\xfe{\0}\0", 6),
            "{\"code\": \"good\", \"name\": \"\xff\xfe\"}",
            "{\"code\": \"good\", \"name\": \"\xc3\"}",
            "{\"code\": \"good\", \"name\": \"\xed\xa0\x80\"}",
            R"({"code": "good", "name": "\ud800"})",
            R"({"code": "good", "name": "\udc00 x"})",
            R"({"code": "good", "name": "a\u0000b"})",
            R"({"code": "go\u0000od", "name": "x", "device_model_id": 1e99})",
            R"({"code": "good", "name": ""})",
            R"({"code": "good", "name": null, "device_model_id": null})",
            R"({"code": "good", "name": 7, "device_model_id": "1", "device_name": 7})",
            R"({"code": ["good"], "name": {"a": 1}, "device_model_id": [1]})",
            R"({"code": true, "name": false, "device_model_id": 1.5})",
            R"({"device_model_id": 9223372036854775808})",
            R"({"device_model_id": -9223372036854775809})",
            R"({"device_model_id": 1e400})",
            R"({"code": "good", "name": ")" + std::string(256, 'x') + "\"}",
            R"({"code": "good", "name": ")" + std::string(60'000, 'x') + "\"}",
            deep,
            deep_object};
}

TEST(Ids, ThatAreNoneNameNothing) {
    auto client = stack().client();
    const auto before = rows();
    for (const std::string id : {"0", "-1", "+1", "x", "1x", "1.0", "99999999999999999999",
                                 "9223372036854775808", "%20", "%ff", "1%0a", "null", "%27"}) {
        for (const auto* collection : {kModels, kDevices}) {
            const auto path = std::string(collection) + '/' + id;
            EXPECT_TRUE(is_error(client.get(path), 404, "RECORD_NOT_FOUND")) << path;
            EXPECT_TRUE(is_error(client.del(path), 404, "RECORD_NOT_FOUND")) << path;
            EXPECT_TRUE(is_error(client.put(path, R"({"name": "x", "device_name": "x"})"), 404,
                                 "RECORD_NOT_FOUND"))
                << path;
        }
    }
    EXPECT_EQ(rows(), before);
}

TEST(Bodies, HostileOnesAreTheClientsFault) {
    auto client = stack().client();
    const auto device = make_device();
    const auto before = rows();
    for (const auto& body : hostile_bodies()) {
        const auto shown = percent_encoded(body.substr(0, 80));
        for (const auto& [method, path] :
             std::vector<std::pair<std::string, std::string>>{{"POST", kModels},
                                                              {"POST", kDevices},
                                                              {"PUT", device.model.path()},
                                                              {"PUT", device.path()}}) {
            const auto response = client.send({method, path, body, {}});
            // A name beside a member that another path wants may be a good one.
            if (response.status < 300) {
                EXPECT_EQ(method, "PUT") << shown;
                continue;
            }
            EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED")) << path << ' ' << shown;
        }
    }
    EXPECT_EQ(rows(), before);
}

TEST(Bodies, LargeOnesAreRefused) {
    const auto body =
        R"({"code": "large", "name": "x", "more": ")" + std::string(100'000, 'x') + "\"}";
    const auto device = make_device();
    EXPECT_TRUE(is_error(post(kModels, body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(post(kDevices, body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(put(device.path(), body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(put(device.model.path(), body), 413, "PAYLOAD_TOO_LARGE"));
}

TEST(Methods, OtherOnesAreNotAllowed) {
    const auto device = make_device();
    auto client = stack().client();
    for (const auto* method : {"PATCH", "OPTIONS", "PROPFIND"}) {
        for (const auto& path : {std::string(kModels), std::string(kDevices)}) {
            const auto response = client.send({method, path, {}, {}});
            EXPECT_EQ(response.status, 405);
            EXPECT_EQ(response.header("allow"), "GET, HEAD, POST");
        }
        for (const auto& path : {device.path(), device.model.path()}) {
            const auto response = client.send({method, path, {}, {}});
            EXPECT_EQ(response.status, 405);
            EXPECT_EQ(response.header("allow"), "GET, HEAD, PUT, DELETE");
        }
    }
    EXPECT_EQ(del(kModels).status, 405);
    EXPECT_EQ(del(kDevices).status, 405);
    EXPECT_EQ(post(device.path(), "{}").status, 405);
    EXPECT_EQ(client.head(kModels).status, 200);
    EXPECT_EQ(client.head(device.path()).status, 200);
}

TEST(Paths, WithATrailingSlashOrMoreAreUnknown) {
    const auto device = make_device();
    for (const auto& path :
         {std::string(kModels) + "/x/y", device.path() + "/nothing",
          device.model.path() + "/nothing", std::string("/api"), std::string("/api/nothing")}) {
        EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND")) << path;
    }
}

}  // namespace
