// While no tokens are checked: web pages of other sites, which reach this machine's loopback
// through the browser of whoever looks at them.

#include <gtest/gtest.h>

#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

Settings settings() {
    return {{"PARSE_SIDECAR_URL", ""}};
}

const bool kStack = use_stack(settings);

/// Larger than what nginx takes from anybody (see nginx/gate.conf).
const std::string kLarge(200'000, 'x');

/// A request of each kind, that would do something: for each of them the status without the
/// headers.
std::vector<std::pair<HttpRequest, int>> requests(const FleetDevice& device) {
    return {
        {{"GET", "/api/devices", std::nullopt, {}}, 200},
        {{"HEAD", "/api/devices", std::nullopt, {}}, 200},
        {{"POST",
          "/api/devices",
          R"({"device_model_id": )" + std::to_string(device.model.id) + "}",
          {}},
         201},
        {{"PUT", device.path(), R"({"device_name": "renamed"})", {}}, 200},
        {{"POST", upload_target(device.key), "a core dump", {}}, 201},
        {{"POST", upload_target(device.key), kLarge, {}}, 201},
        {{"POST", device.model.firmware_path(), kLarge, {}}, 400},  // no image, but let in
        {{"GET", "/api/iot/firmware-version?device_key=" + device.key, std::nullopt, {}}, 200},
        {{"DELETE", device.coredumps_path(), std::nullopt, {}}, 204},
    };
}

void expect_all_refused(const FleetDevice& device, const HttpClient::Headers& headers) {
    const auto before = stack().sql("SELECT * FROM devices ORDER BY id");
    const auto dumps = rows_of(device);
    for (auto [request, status] : requests(device)) {
        request.headers = headers;
        const auto response = stack().client().send(request);
        EXPECT_EQ(response.status, 403) << headers.front() << request.method << request.target;
        if (request.method == "HEAD") continue;
        EXPECT_TRUE(is_error(response, 403, "AUTHORIZATION_FAILED", "This is not allowed"));
    }
    EXPECT_EQ(stack().sql("SELECT * FROM devices ORDER BY id"), before);
    EXPECT_EQ(rows_of(device), dumps);
}

void expect_all_let_in(const FleetDevice& device, const HttpClient::Headers& headers) {
    for (auto [request, status] : requests(device)) {
        request.headers = headers;
        EXPECT_EQ(stack().client().send(request).status, status)
            << (headers.empty() ? "" : headers.front()) << request.method << request.target;
    }
}

std::string own_port() {
    return ':' + std::to_string(stack().port());
}

TEST(ForeignSites, MayNotAskByANameOfTheirOwn) {
    const auto device = make_device();
    upload(device);
    for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "192.0.2.1"}) {
        expect_all_refused(device, {std::string("Host: ") + host + own_port()});
    }
}

TEST(ForeignSites, MayNotSendWhatTheirPagesSay) {
    const auto device = make_device();
    upload(device);
    for (const auto* origin : {"http://evil.example", "null", "http://127.0.0.1:1"}) {
        expect_all_refused(device, {std::string("Origin: ") + origin});
    }
}

TEST(ForeignSites, AreNotThisMachinesOwn) {
    const auto device = make_device();
    expect_all_let_in(device, {});
    for (const auto* host : {"127.0.0.1", "localhost", "[::1]"}) {
        expect_all_let_in(device, {std::string("Host: ") + host + own_port(),
                                   std::string("Origin: http://") + host + own_port()});
    }
}

TEST(ForeignSites, MayAskForWhatIsPublic) {
    for (const auto* path : {"/health", "/api/pipeline/upload.sh", "/api/docs/openapi.yaml"}) {
        EXPECT_EQ(stack().client().get(path, {"Host: evil.example"}).status, 200) << path;
    }
}

TEST(ForeignSites, TheReasonIsInTheLog) {
    const auto request = stack().client().get("/api/devices", {"Host: evil.example"});
    EXPECT_TRUE(eventually([&] {
        return stack().logs()["registry.log"].find(
                   "forbidden reason=\"Host is neither this machine nor BASEURL's\" request_id=" +
                   request.header("x-request-id")) != std::string::npos;
    }));
}

TEST(ForeignSites, BaseurlIsNone) {
    auto with_base = settings();
    with_base["BASEURL"] = "https://depot.example";
    restart_stack(with_base);
    const auto device = make_device();
    expect_all_let_in(device, {"Host: depot.example", "Origin: https://depot.example"});
    expect_all_let_in(device, {"Origin: https://depot.example"});
    upload(device);
    expect_all_refused(device, {"Host: evil.example"});
}

}  // namespace
