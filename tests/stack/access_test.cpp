// Who may do what: every endpoint asked by everybody, over nginx and with real tokens.

#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "http/endpoints.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;
using coredepot::http::Endpoint;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

const bool kStack = use_stack([] { return issuer().settings(); });

/// A device with firmware and a core dump.
struct Subject {
    FleetDevice device;
    std::int64_t coredump = 0;
};

std::string device_token(const FleetDevice& device) {
    return issuer().device(device.model.code, device.key);
}

HttpClient client_with(const std::string& token) {
    return HttpClient(stack().url(), {bearer(token)});
}

Subject make_subject() {
    const auto device = make_device();
    upload_firmware(device.model, esp_image("1.0.0"));
    const auto answer = client_with(device_token(device)).post(upload_target(""), "a core dump");
    return {device, answer.json().at("coredump_id").integer()};
}

struct Row {
    Endpoint endpoint;
    /// The request about a subject of its own, which it may change or delete.
    std::function<HttpRequest(const Subject&)> request;
    int success;
};

HttpRequest get(const std::string& target) {
    return {"GET", target, std::nullopt, {}};
}
HttpRequest del(const std::string& target) {
    return {"DELETE", target, std::nullopt, {}};
}

const std::vector<Row>& rows() {
    const auto rename = [](const std::string& path, const std::string& member) {
        return HttpRequest{"PUT", path, "{\"" + member + R"(": "renamed"})", {}};
    };
    const auto one = [](const Subject& s) { return s.device.coredump_path(s.coredump); };
    static const std::vector<Row> all{
        {Endpoint::UploadCoredump,
         [](const auto&) {
             return HttpRequest{"POST", upload_target("99999999"), "x", {}};
         },
         201},
        {Endpoint::GetFirmware, [](const auto&) { return get("/api/iot/firmware"); }, 200},
        {Endpoint::GetFirmwareVersion, [](const auto&) { return get("/api/iot/firmware-version"); },
         200},
        {Endpoint::ListCoredumps, [](const auto& s) { return get(s.device.coredumps_path()); },
         200},
        {Endpoint::DeleteAllCoredumps, [](const auto& s) { return del(s.device.coredumps_path()); },
         204},
        {Endpoint::GetCoredump, [=](const auto& s) { return get(one(s)); }, 200},
        {Endpoint::DeleteCoredump, [=](const auto& s) { return del(one(s)); }, 204},
        {Endpoint::DownloadCoredump, [=](const auto& s) { return get(one(s) + "/download"); }, 200},
        {Endpoint::ReparseCoredump,
         [=](const auto& s) {
             return HttpRequest{"POST", one(s) + "/reparse", std::nullopt, {}};
         },
         200},
        {Endpoint::ReparseCoredumps,
         [](const auto& s) {
             const auto body = R"({"model": ")" + s.device.model.code + R"("})";
             return HttpRequest{"POST", "/api/coredumps/reparse", body, {}};
         },
         200},
        {Endpoint::ListDeviceModels, [](const auto&) { return get("/api/device-models"); }, 200},
        {Endpoint::CreateDeviceModel,
         [](const auto& s) {
             const auto body = R"({"code": ")" + s.device.key + R"(", "name": "x"})";
             return HttpRequest{"POST", "/api/device-models", body, {}};
         },
         201},
        {Endpoint::GetDeviceModel, [](const auto& s) { return get(s.device.model.path()); }, 200},
        {Endpoint::RenameDeviceModel,
         [=](const auto& s) { return rename(s.device.model.path(), "name"); }, 200},
        {Endpoint::GetSignatureRules,
         [](const auto& s) { return get(s.device.model.path() + "/signature-rules"); }, 200},
        {Endpoint::ReplaceSignatureRules,
         [](const auto& s) {
             return HttpRequest{"PUT",
                                s.device.model.path() + "/signature-rules",
                                R"({"skip": [], "prefixes": []})",
                                {}};
         },
         200},
        // A device uses it: let through, and refused by the use case.
        {Endpoint::DeleteDeviceModel, [](const auto& s) { return del(s.device.model.path()); },
         400},
        {Endpoint::DownloadModelFirmware,
         [](const auto& s) { return get(s.device.model.path() + "/firmware"); }, 200},
        {Endpoint::UploadModelFirmware,
         [](const auto& s) {
             const auto path = s.device.model.path() + "/firmware";
             return HttpRequest{"POST", path, esp_image("2.0.0"), {}};
         },
         200},
        {Endpoint::ListDevices, [](const auto&) { return get("/api/devices"); }, 200},
        {Endpoint::CreateDevice,
         [](const auto& s) {
             const auto model = std::to_string(s.device.model.id);
             return HttpRequest{
                 "POST", "/api/devices", R"({"device_model_id": )" + model + "}", {}};
         },
         201},
        {Endpoint::GetDevice, [](const auto& s) { return get(s.device.path()); }, 200},
        {Endpoint::ChangeDevice,
         [=](const auto& s) { return rename(s.device.path(), "device_name"); }, 200},
        {Endpoint::DeleteDevice, [](const auto& s) { return del(s.device.path()); }, 204},
        {Endpoint::ListIssues, [](const auto&) { return get("/api/issues"); }, 200},
        // None is there: let through, and not found by the use case.
        {Endpoint::ChangeIssues,
         [](const auto&) {
             return HttpRequest{
                 "PATCH", "/api/issues", R"({"ids": [9999], "change": {"state": "open"}})", {}};
         },
         200},
        {Endpoint::GetIssue, [](const auto&) { return get("/api/issues/9999"); }, 404},
        {Endpoint::ChangeIssue,
         [](const auto&) {
             return HttpRequest{"PATCH", "/api/issues/9999", R"({"state": "open"})", {}};
         },
         404},
        {Endpoint::MergeIssue,
         [](const auto&) {
             return HttpRequest{"POST", "/api/issues/9999/merge", R"({"into": 1})", {}};
         },
         404},
        {Endpoint::SplitIssue,
         [](const auto&) {
             return HttpRequest{"POST", "/api/issues/9999/signatures/abc/split", std::nullopt, {}};
         },
         404},
        {Endpoint::CommentIssue,
         [](const auto&) {
             return HttpRequest{"POST", "/api/issues/9999/comments", R"({"comment": "x"})", {}};
         },
         404},
        {Endpoint::ListSimilarIssues, [](const auto&) { return get("/api/issues/9999/similar"); },
         404},
        {Endpoint::ListIssueCoredumps,
         [](const auto&) { return get("/api/issues/9999/coredumps"); }, 404},
        {Endpoint::ListIssueDevices, [](const auto&) { return get("/api/issues/9999/devices"); },
         404},
        {Endpoint::ListIssueVersions, [](const auto&) { return get("/api/issues/9999/versions"); },
         404},
        {Endpoint::GetIssueSeries, [](const auto&) { return get("/api/issues/9999/series"); }, 404},
        {Endpoint::GetIssueHistory, [](const auto&) { return get("/api/issues/9999/history"); },
         404},
        {Endpoint::FindCoredumps, [](const auto&) { return get("/api/coredumps"); }, 200},
        {Endpoint::FindCoredump,
         [](const auto& s) { return get("/api/coredumps/" + std::to_string(s.coredump)); }, 200},
        {Endpoint::ListModelVersions,
         [](const auto& s) { return get(s.device.model.path() + "/versions"); }, 200},
        {Endpoint::ListAlertTargets, [](const auto&) { return get("/api/alert-targets"); }, 200},
        {Endpoint::CreateAlertTarget,
         [](const auto&) {
             const auto* const body = R"({"name": "x", "kind": "mail", "to": ["a@b.invalid"]})";
             return HttpRequest{"POST", "/api/alert-targets", body, {}};
         },
         201},
        {Endpoint::GetAlertTarget, [](const auto&) { return get("/api/alert-targets/9999"); }, 404},
        {Endpoint::ChangeAlertTarget,
         [](const auto&) {
             return HttpRequest{"PATCH", "/api/alert-targets/9999", "{}", {}};
         },
         404},
        {Endpoint::DeleteAlertTarget, [](const auto&) { return del("/api/alert-targets/9999"); },
         404},
        {Endpoint::TestAlertTarget,
         [](const auto&) {
             return HttpRequest{"POST", "/api/alert-targets/9999/test", std::nullopt, {}};
         },
         404},
        {Endpoint::ListAlertDeliveries,
         [](const auto&) { return get("/api/alert-targets/9999/deliveries"); }, 404},
        {Endpoint::UploadPipelineFirmware,
         [](const auto& s) {
             return HttpRequest{"POST", s.device.model.firmware_path(), esp_image("2.0.0"), {}};
         },
         200},
        {Endpoint::GetPipelineFirmwareVersion,
         [](const auto& s) { return get(s.device.model.firmware_path() + "-version"); }, 200},
        {Endpoint::GetUploadSh, [](const auto&) { return get("/api/pipeline/upload.sh"); }, 200},
        {Endpoint::GetUploadPs1, [](const auto&) { return get("/api/pipeline/upload.ps1"); }, 200},
        {Endpoint::GetSession, [](const auto&) { return get("/session"); }, 200},
        {Endpoint::LogIn, [](const auto&) { return get("/session/login"); }, 302},
        {Endpoint::LogInCallback, [](const auto&) { return get("/session/callback"); }, 400},
        {Endpoint::LogOut,
         [](const auto&) {
             return HttpRequest{
                 "POST", "/session/logout", std::nullopt, {"Sec-Fetch-Site: same-origin"}};
         },
         200},
        {Endpoint::ReportCspViolation,
         [](const auto&) {
             return HttpRequest{"POST", "/csp-reports", R"({"csp-report": {}})", {}};
         },
         204},
        {Endpoint::Health, [](const auto&) { return get("/health"); }, 200},
        {Endpoint::UploadsHealth, [](const auto&) { return get("/health/uploads"); }, 200},
        {Endpoint::Metrics, [](const auto&) { return get("/metrics"); }, 200},
    };
    return all;
}

/// All that a request can change.
std::string everything() {
    std::string text;
    for (const auto* table : {"device_models", "devices", "coredumps", "firmware_versions"}) {
        const std::string name = table;
        text += stack().sql_value(
            "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY id), '') FROM " + name + " t");
    }
    return text;
}

coredepot::auth::Access access_of(Endpoint endpoint) {
    const auto specs = coredepot::http::all_endpoints();
    return std::ranges::find(specs, endpoint, &coredepot::http::EndpointSpec::endpoint)->access;
}

/// Somebody who asks, and what comes of it at endpoints for devices, admins, pipelines and viewers;
/// 200 stands for the endpoint's own.
struct Caller {
    std::string name;
    HttpClient::Headers headers;
    int device;
    int admin;
    int pipeline;
    int viewer;
};

std::vector<Caller> callers(const FleetDevice& device, const FleetDevice& other) {
    const Members both_roles{{"azp", quote("iotdevice-" + device.model.code + '-' + device.key)},
                             {"realm_access", R"({"roles": ["admin", "pipeline"]})"}};
    const auto unknown = issuer().device(device.model.code, "zzzzzzzz");
    return {
        {"nobody", {}, 401, 401, 401, 401},
        {"the device", {bearer(device_token(device))}, 200, 403, 403, 403},
        {"another device", {bearer(device_token(other))}, 200, 403, 403, 403},
        {"an unknown device", {bearer(unknown)}, 404, 403, 403, 403},
        {"a device with roles", {bearer(issuer().token(both_roles))}, 200, 403, 403, 403},
        {"somebody without a role", {bearer(issuer().token())}, 403, 403, 403, 403},
        {"somebody with another role",
         {bearer(issuer().role("offline_access"))},
         403,
         403,
         403,
         403},
        {"a pipeline", {bearer(issuer().role("pipeline"))}, 403, 403, 200, 403},
        {"a viewer", {bearer(issuer().role("viewer"))}, 403, 403, 403, 200},
        {"an admin", {bearer(issuer().role("admin"))}, 403, 200, 200, 200},  // last: may delete it
                                                                             // all
    };
}

int expected_status(const Row& row, const Caller& caller) {
    const auto own = [&](int status) { return status == 200 ? row.success : status; };
    switch (access_of(row.endpoint)) {
        case coredepot::auth::Access::Device:
            return own(caller.device);
        case coredepot::auth::Access::Admin:
            return own(caller.admin);
        case coredepot::auth::Access::Pipeline:
            return own(caller.pipeline);
        case coredepot::auth::Access::Viewer:
            return own(caller.viewer);
        case coredepot::auth::Access::Public:
            break;
    }
    return row.success;
}

/// Refused in the shape of errors; without a token with the challenge that asks for one.
void expect_refusal(const HttpResponse& response) {
    const bool anonymous = response.status == 401;
    EXPECT_TRUE(is_error(response, response.status,
                         anonymous ? "AUTHENTICATION_REQUIRED" : "AUTHORIZATION_FAILED"));
    EXPECT_EQ(response.header("www-authenticate"), anonymous ? "Bearer" : "");
}

class Access : public testing::Test {
  protected:
    void SetUp() override { stack().clients_send({bearer(issuer().role("admin"))}); }

    static void ask(const Row& row, const HttpRequest& request, const Caller& caller) {
        const testing::ScopedTrace trace(
            __FILE__, __LINE__, request.method + ' ' + request.target + " as " + caller.name);
        const auto before = everything();
        const auto response = HttpClient(stack().url(), caller.headers).send(request);
        EXPECT_EQ(response.status, expected_status(row, caller)) << response;
        if (response.status != 401 && response.status != 403) return;
        expect_refusal(response);
        EXPECT_EQ(everything(), before);
    }
};

TEST_F(Access, EveryEndpointHasARow) {
    std::set<Endpoint> seen;
    for (const auto& row : rows()) EXPECT_TRUE(seen.insert(row.endpoint).second);
    for (const auto& spec : coredepot::http::all_endpoints()) {
        // The sidecar has a server of its own, on loopback.
        if (is_of_sidecar(spec.endpoint)) continue;
        EXPECT_TRUE(seen.contains(spec.endpoint)) << spec.path;
    }
}

TEST_F(Access, CellByCell) {
    const auto other = make_subject().device;
    for (const auto& row : rows()) {
        const auto subject = make_subject();
        const auto request = row.request(subject);
        for (const auto& caller : callers(subject.device, other)) ask(row, request, caller);
    }
}

TEST_F(Access, ADeviceIsWhoItsTokenSaysWhateverTheQuerySays) {
    const auto mine = make_subject().device;
    const auto other = make_subject().device;
    const auto before = rows_of(other);
    EXPECT_EQ(client_with(device_token(mine)).post(upload_target(other.key), "x").status, 201);
    EXPECT_EQ(rows_of(other), before);
    EXPECT_EQ(rows_of(mine).size(), 2U);
}

TEST_F(Access, ADeviceOfAnotherModelThanItsTokenSays) {
    const auto device = make_subject().device;
    const auto other = make_subject().device;
    const auto before = everything();
    for (const auto& model : {other.model.code, std::string("no_such_model")}) {
        auto client = client_with(issuer().device(model, device.key));
        EXPECT_TRUE(is_error(client.post(upload_target(""), "x"), 403, "AUTHORIZATION_FAILED"));
        for (const auto* path : {"/api/iot/firmware", "/api/iot/firmware-version"}) {
            EXPECT_TRUE(is_error(client.get(path), 403, "AUTHORIZATION_FAILED")) << path;
        }
    }
    EXPECT_EQ(everything(), before);
}

TEST_F(Access, ForwardedHeadersGiveNobodyARight) {
    for (const auto* header :
         {"X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: localhost",
          "X-Forwarded-User: admin", "X-Remote-User: admin", "X-Real-IP: 127.0.0.1",
          "Forwarded: for=127.0.0.1", "X-Original-URL: /health", "X-Rewrite-URL: /health",
          "X-HTTP-Method-Override: GET", "Cookie: admin=1", "Proxy-Authorization: Bearer x"}) {
        EXPECT_TRUE(is_error(HttpClient(stack().url()).get("/api/devices", {header}), 401,
                             "AUTHENTICATION_REQUIRED"))
            << header;
    }
}

}  // namespace
