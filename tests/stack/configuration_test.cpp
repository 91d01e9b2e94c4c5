// What the variables do to the whole stack. Each test has a stack of its own.

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/stack.hpp"

using namespace coredepot::test;

namespace {

/// Starts a stack that cannot run, and gives what it said.
std::string complaint_of(const Settings& settings) {
    const TemporaryFolder folder;
    try {
        const Stack stack(folder.path(), settings);
    } catch (const StackFailed& failed) {
        EXPECT_NE(failed.exit_status(), 0);
        return failed.what();
    }
    ADD_FAILURE() << "the stack started";
    return "";
}

std::int64_t created(HttpClient& client, const std::string& path, const std::string& body) {
    const auto response = client.post(path, body);
    EXPECT_EQ(response.status, 201) << response;
    return response.json().at("id").integer();
}

TEST(Coredumps, WithoutAFolderOnlyTheirUploadIsRefused) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"COREDUMPS_DIR", ""}});
    auto client = stack.client();
    EXPECT_EQ(client.get("/health").status, 200);
    const auto model = created(client, "/api/device-models", R"({"code": "lamp", "name": "Lamp"})");
    const auto device =
        created(client, "/api/devices", R"({"device_model_id": )" + std::to_string(model) + '}');
    const auto path = "/api/devices/" + std::to_string(device);
    const auto key = client.get(path).json().at("key").text();
    const auto target = "/api/iot/coredump?chip=esp32&firmware_version=1&device_key=" + key;
    EXPECT_TRUE(is_error(client.post(target, "a core dump"), 400, "INVALID_OPERATION",
                         "Cannot upload coredump because COREDUMPS_DIR is not configured"));
    EXPECT_EQ(stack.sql_value("SELECT count(*) FROM coredumps"), "0");

    EXPECT_EQ(client.get(path + "/coredumps").json().at("count").integer(), 0);
    EXPECT_EQ(client.get(path + "/coredumps/1").status, 404);
    EXPECT_EQ(client.get(path + "/coredumps/1/download").status, 404);
    EXPECT_EQ(client.del(path + "/coredumps").status, 204);
    EXPECT_EQ(client.post("/api/pipeline/models/lamp/firmware", zip(bundle_entries("lamp", "1.0")))
                  .status,
              200);
    EXPECT_EQ(client.get("/api/iot/firmware?device_key=" + key).status, 200);
    EXPECT_EQ(client.get("/api/iot/firmware-version?device_key=" + key).status, 200);
    EXPECT_EQ(client.put(path, R"({"device_name": "x"})").status, 200);
    EXPECT_EQ(client.del(path).status, 204);
}

TEST(Coredumps, OfATimeWithAFolderAreListedWithoutOne) {
    const TemporaryFolder folder;
    std::string path;
    {
        const Stack stack(folder.path(), {{"PARSE_SIDECAR_URL", ""}});
        auto client = stack.client();
        const auto model =
            created(client, "/api/device-models", R"({"code": "lamp", "name": "x"})");
        const auto device = created(client, "/api/devices",
                                    R"({"device_model_id": )" + std::to_string(model) + '}');
        path = "/api/devices/" + std::to_string(device);
        const auto key = client.get(path).json().at("key").text();
        const auto target = "/api/iot/coredump?chip=esp32&firmware_version=1&device_key=" + key;
        const auto id = client.post(target, "x").json().at("coredump_id").integer();
        path += "/coredumps/" + std::to_string(id);
    }
    const Stack stack(folder.path(), {{"PARSE_SIDECAR_URL", ""}, {"COREDUMPS_DIR", ""}});
    auto client = stack.client();
    EXPECT_EQ(client.get(path).status, 200);
    EXPECT_TRUE(is_error(client.get(path + "/download"), 404, "RECORD_NOT_FOUND"));
    EXPECT_EQ(client.del(path).status, 204);
}

TEST(Oidc, WithoutATokenOnlyHealthIsOpen) {
    const TemporaryFolder folder;
    const Stack stack(folder.path(), {{"OIDC_ENABLED", "true"},
                                      {"OIDC_ISSUER_URL", "http://127.0.0.1:1/realms/x"},
                                      {"OIDC_CLIENT_ID", "coredepot"}});
    auto client = stack.client();
    EXPECT_EQ(client.get("/health").status, 200);
    struct Request {
        std::string method;
        std::string path;
    };
    for (const auto& [method, path] :
         {Request{"POST", "/api/iot/coredump?chip=esp32&firmware_version=1&device_key=abcdefgh"},
          Request{"POST", "/api/iot/coredump"},
          Request{"GET", "/api/iot/firmware?device_key=abcdefgh"},
          Request{"GET", "/api/iot/firmware-version"},
          Request{"GET", "/api/devices"},
          Request{"POST", "/api/devices"},
          Request{"GET", "/api/devices/1"},
          Request{"PUT", "/api/devices/1"},
          Request{"DELETE", "/api/devices/1"},
          Request{"GET", "/api/devices/1/coredumps"},
          Request{"GET", "/api/devices/1/coredumps/"},
          Request{"DELETE", "/api/devices/1/coredumps"},
          Request{"GET", "/api/devices/1/coredumps/1"},
          Request{"DELETE", "/api/devices/1/coredumps/1"},
          Request{"GET", "/api/devices/1/coredumps/1/download"},
          Request{"GET", "/api/device-models"},
          Request{"POST", "/api/device-models"},
          Request{"GET", "/api/device-models/1"},
          Request{"PUT", "/api/device-models/1"},
          Request{"DELETE", "/api/device-models/1"},
          Request{"GET", "/api/device-models/1/firmware"},
          Request{"POST", "/api/device-models/1/firmware"},
          Request{"POST", "/api/pipeline/models/lamp/firmware"},
          Request{"GET", "/api/pipeline/models/lamp/firmware-version"}}) {
        for (const std::string credentials :
             {"X-Nothing: at all", "Authorization:;", "Authorization: Bearer",
              "Authorization: Bearer x", "Authorization: Bearer a.b.c", "Authorization: Basic YTpi",
              "Authorization: Bearer eyJhbGciOiJub25lIn0.e30."}) {
            const auto body = method == "GET" || method == "DELETE"
                                  ? std::nullopt
                                  : std::optional<std::string>("{}");
            const auto response = client.send({method, path, body, {credentials}});
            EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED"))
                << method << ' ' << path << ' ' << credentials;
            EXPECT_TRUE(response.header("www-authenticate").starts_with("Bearer"));
        }
    }
    EXPECT_TRUE(is_error(client.get("/nothing"), 404, "RECORD_NOT_FOUND"));
}

TEST(Bad, ValuesAreAllNamedAtOnceAndNotRepeated) {
    // No path, no number, no URL, not true and not false.
    const std::string bad = "s3cret";
    Settings settings{
        {"ASSETS_DIR", ""}, {"OIDC_CLOCK_SKEW_SECONDS", "-1"}, {"MAX_COREDUMPS", "0"}};
    for (const auto* key : {"COREDUMPS_DIR", "PARSE_RETRY_SECONDS", "MAX_FIRMWARE_BYTES",
                            "OIDC_ENABLED", "BASEURL", "OIDC_TOKEN_URL"}) {
        settings.emplace(key, bad);
    }
    const auto complaint = complaint_of(settings);
    // Tokens are checked unless that is switched off, so what that needs is missing as well.
    settings.insert({{"OIDC_ISSUER_URL", ""}, {"OIDC_CLIENT_ID", ""}});
    for (const auto& [key, value] : settings) {
        EXPECT_NE(complaint.find(key), std::string::npos) << key << " in\n" << complaint;
    }
    EXPECT_EQ(complaint.find(bad), std::string::npos) << complaint;
}

TEST(Bad, SidecarIsNamed) {
    const auto complaint =
        complaint_of({{"PARSE_SIDECAR_URL", "127.0.0.1:8081"}, {"PARSE_SIDECAR_XFER_DIR", "xfer"}});
    EXPECT_NE(complaint.find("PARSE_SIDECAR_URL"), std::string::npos) << complaint;
    EXPECT_NE(complaint.find("PARSE_SIDECAR_XFER_DIR"), std::string::npos) << complaint;
}

}  // namespace
