#include "http/router.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::http {
namespace {

Request make(const std::string& method, const std::string& path, const std::string& query = "") {
    Request request;
    request.method = method;
    request.path = path;
    request.query = Query::parse(query);
    request.request_id = "req-1";
    return request;
}

/// A path that the endpoint matches.
std::string sample_path(const EndpointSpec& spec) {
    std::string path(spec.path);
    if (path.ends_with("[/]")) path.resize(path.size() - 3);
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
        path.replace(open, path.find('}') - open + 1, "1");
    }
    return path;
}

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return "";
}

/// A router whose every endpoint answers with the name of its operation.
class AllEndpoints : public testing::Test {
  protected:
    static Actions actions() {
        Actions actions;
        for (const auto& spec : all_endpoints()) {
            actions[spec.endpoint] = [&spec](const Request& /*unused*/) {
                return Response{200, {}, std::string(spec.operation)};
            };
        }
        return actions;
    }

    Response answer(Request request) const { return router_.answer(request); }

    std::unique_ptr<auth::Authenticator> everybody_ = auth::trust_everybody();
    Router router_{*everybody_, actions()};
};

TEST_F(AllEndpoints, EachIsFoundByItsPathAndMethod) {
    for (const auto& spec : all_endpoints()) {
        const auto response =
            answer(make(std::string(spec.method), sample_path(spec), "device_key=abcd1234"));
        EXPECT_EQ(response.status, 200) << spec.path;
        EXPECT_EQ(response.body, spec.operation);
    }
}

TEST_F(AllEndpoints, HeadIsGet) {
    EXPECT_EQ(answer(make("HEAD", "/health")).body, "health");
    EXPECT_EQ(answer(make("HEAD", "/api/iot/coredump", "device_key=x")).status, 405);
}

TEST_F(AllEndpoints, AMethodThatAPathDoesNotHaveIs405WithAllow) {
    const auto allow = [&](const std::string& method, const std::string& path) {
        const auto response = answer(make(method, path));
        EXPECT_EQ(response.status, 405) << method << ' ' << path;
        return header(response, "Allow");
    };
    EXPECT_EQ(allow("GET", "/api/iot/coredump"), "POST");
    EXPECT_EQ(allow("POST", "/api/iot/firmware"), "GET, HEAD");
    EXPECT_EQ(allow("POST", "/health"), "GET, HEAD");
    EXPECT_EQ(allow("PUT", "/api/devices/1/coredumps"), "GET, HEAD, DELETE");
    EXPECT_EQ(allow("PUT", "/api/devices/1/coredumps/"), "GET, HEAD, DELETE");
    EXPECT_EQ(allow("POST", "/api/devices/1/coredumps/2"), "GET, HEAD, DELETE");
    EXPECT_EQ(allow("DELETE", "/api/devices/1/coredumps/2/download"), "GET, HEAD");
    EXPECT_EQ(allow("PATCH", "/api/device-models/1"), "GET, HEAD, PUT, DELETE");
    EXPECT_EQ(allow("DELETE", "/api/device-models"), "GET, HEAD, POST");
    EXPECT_EQ(allow("PUT", "/api/device-models/1/firmware"), "GET, HEAD, POST");
    EXPECT_EQ(allow("get", "/health"), "GET, HEAD");
    EXPECT_EQ(allow("", "/health"), "GET, HEAD");
}

TEST_F(AllEndpoints, UnknownPathsAre404WhateverTheMethod) {
    for (const auto* path : {"", "/", "/api", "/api/iot", "/api/iot/coredump/", "/api/devices/",
                             "/api/devices/1/coredumps/2/", "/health/", "//health", "/HEALTH"}) {
        for (const auto* method : {"GET", "POST", "BREW"}) {
            EXPECT_EQ(answer(make(method, path)).status, 404) << method << ' ' << path;
        }
    }
}

TEST_F(AllEndpoints, PathsAreLookedAtBeforeCredentials) {
    EXPECT_EQ(answer(make("GET", "/api/iot/nothing")).status, 404);
    EXPECT_EQ(answer(make("GET", "/api/iot/coredump")).status, 405);
}

TEST_F(AllEndpoints, DevicesNameThemselvesWhenTokensAreOff) {
    for (const auto& spec : all_endpoints()) {
        for (const auto* query : {"", "device_key=", "key=abcd1234"}) {
            const auto response = answer(make(std::string(spec.method), sample_path(spec), query));
            EXPECT_EQ(response.status, spec.access == auth::Access::Device ? 401 : 200)
                << spec.path;
        }
    }
}

TEST(Router, OnlyPublicPathsNeedNoTokenWhenTokensAreOn) {
    Config config;
    config.oidc.emplace();
    config.oidc->issuer_url = "http://127.0.0.1:1";
    config.oidc->client_id = config.oidc->audience = "coredepot";
    const test::TemporaryFolder folder;
    config.oidc->cache_dir = folder.path();
    const auto authenticator = auth::make_authenticator(config);
    Actions actions;
    for (const auto& spec : all_endpoints()) {
        actions[spec.endpoint] = [](const Request& /*unused*/) { return no_content(); };
    }
    const Router router(*authenticator, actions);
    for (const auto& spec : all_endpoints()) {
        auto request = make(std::string(spec.method), sample_path(spec), "device_key=abcd1234");
        const bool is_public = spec.access == auth::Access::Public;
        const bool is_of_login = spec.path.starts_with("/session") || spec.path == "/csp-reports";
        EXPECT_EQ(is_public, spec.path.starts_with("/health") || spec.path == "/metrics" ||
                                 is_of_sidecar(spec.endpoint) || is_of_login ||
                                 spec.path.starts_with("/api/pipeline/upload."));
        EXPECT_EQ(router.answer(request).status, is_public ? 204 : 401) << spec.path;
    }
}

/// A router with one endpoint, whose action a test brings.
Response answer_with(const Action& action, const std::string& path = "/health") {
    const auto everybody = auth::trust_everybody();
    const Router router(*everybody, {{Endpoint::Health, action},
                                     {Endpoint::GetCoredump, action},
                                     {Endpoint::GetFirmware, action}});
    auto request = make("GET", path, "device_key=abcd1234");
    return router.answer(request);
}

TEST(Router, ActionsGetPathParametersAndIdentity) {
    answer_with(
        [](const Request& request) {
            EXPECT_EQ(request.path_parameter("device_id"), "3");
            EXPECT_EQ(request.id_parameter("id", "Coredump"), 17);
            return no_content();
        },
        "/api/devices/3/coredumps/17");
    answer_with(
        [](const Request& request) {
            EXPECT_EQ(request.identity.device.key, "abcd1234");
            return no_content();
        },
        "/api/iot/firmware");
}

TEST(Router, AFailureIsAResponseToo) {
    const auto refused =
        answer_with([](const Request& /*unused*/) -> Response { throw core::NotFound("X", "1"); });
    EXPECT_EQ(refused.status, 404);
    EXPECT_NE(refused.body.find("\"correlationId\":\"req-1\""), std::string::npos);
    const auto failed =
        answer_with([](const Request& /*unused*/) -> Response { throw std::bad_alloc(); });
    EXPECT_EQ(failed.status, 500);
}

std::uint64_t responses(const metrics::Counters& counters, std::string_view operation, int code) {
    const auto* const at = std::ranges::find(metrics::kStatusCodes, code);
    return counters.responses(*metrics::operation_index(operation),
                              static_cast<std::size_t>(at - metrics::kStatusCodes.begin()));
}

TEST(Router, CountsRequestsByOperationAndStatus) {
    metrics::Counters counters;
    const auto everybody = auth::trust_everybody();
    const Router router(*everybody,
                        {{Endpoint::Health, [](Request& /*unused*/) { return no_content(); }},
                         {Endpoint::GetCoredump,
                          [](Request& /*unused*/) -> Response { throw core::NotFound("X", "1"); }},
                         {Endpoint::UploadPipelineFirmware,
                          [](Request& request) -> Response {
                              request.operation = "pipeline_upload_firmware_zip";
                              throw core::ValidationFailed("no");
                          }}},
                        &counters);
    for (auto request :
         {make("GET", "/health"), make("HEAD", "/health"),
          make("GET", "/api/devices/3/coredumps/17"), make("GET", "/nothing"),
          make("POST", "/health"), make("POST", "/api/pipeline/models/a/firmware")}) {
        router.answer(request);
    }
    EXPECT_EQ(responses(counters, "health", 204), 2U);
    EXPECT_EQ(responses(counters, "get_coredump", 404), 1U);
    EXPECT_EQ(responses(counters, "other", 404), 1U);
    EXPECT_EQ(responses(counters, "other", 405), 1U);
    EXPECT_EQ(responses(counters, "pipeline_upload_firmware_zip", 400), 1U);
    EXPECT_EQ(responses(counters, "pipeline_upload_firmware", 400), 0U);
    const auto health = *metrics::operation_index("health");
    EXPECT_EQ(counters.durations(health, metrics::Outcome::Success).count(), 2U);
    EXPECT_EQ(counters.durations(health, metrics::Outcome::Error).count(), 0U);
}

TEST(Router, AnEndpointOfAnotherProcessIsAFaultOfOurs) {
    const auto everybody = auth::trust_everybody();
    const Router router(*everybody, {});
    auto request = make("GET", "/health");
    EXPECT_EQ(router.answer(request).status, 500);
}

}  // namespace
}  // namespace coredepot::http
