// From a token to a status: what each request is answered to whom.

#include <algorithm>
#include <array>

#include "http/router.hpp"
#include "token_authenticator_test.hpp"

namespace coredepot::auth {
namespace {

using http::Endpoint;
using test::quote;

/// What each request is answered. The last column but one is a device that carries both roles.
struct Row {
    Endpoint endpoint;
    std::array<int, 9> statuses;
};
constexpr std::array kCallers = {"no token", "device",   "other device",   "pipeline", "viewer",
                                 "admin",    "no roles", "device + roles", "bad token"};
constexpr std::array kDeviceRow = {401, 200, 200, 403, 403, 403, 403, 200, 401};
constexpr std::array kAdminRow = {401, 403, 403, 403, 403, 200, 403, 403, 401};
constexpr std::array kViewerRow = {401, 403, 403, 403, 200, 200, 403, 403, 401};
constexpr std::array kPipelineRow = {401, 403, 403, 200, 403, 200, 403, 403, 401};
constexpr std::array kPublicRow = {200, 200, 200, 200, 200, 200, 200, 200, 200};
constexpr std::array kMatrix = {
    Row{Endpoint::UploadCoredump, kDeviceRow},
    Row{Endpoint::GetFirmware, kDeviceRow},
    Row{Endpoint::GetFirmwareVersion, kDeviceRow},
    Row{Endpoint::ListCoredumps, kViewerRow},
    Row{Endpoint::DeleteAllCoredumps, kAdminRow},
    Row{Endpoint::GetCoredump, kViewerRow},
    Row{Endpoint::DeleteCoredump, kAdminRow},
    Row{Endpoint::DownloadCoredump, kViewerRow},
    Row{Endpoint::ReparseCoredump, kAdminRow},
    Row{Endpoint::ReparseCoredumps, kAdminRow},
    Row{Endpoint::ListDeviceModels, kViewerRow},
    Row{Endpoint::CreateDeviceModel, kAdminRow},
    Row{Endpoint::GetDeviceModel, kViewerRow},
    Row{Endpoint::RenameDeviceModel, kAdminRow},
    Row{Endpoint::GetSignatureRules, kViewerRow},
    Row{Endpoint::ReplaceSignatureRules, kAdminRow},
    Row{Endpoint::DeleteDeviceModel, kAdminRow},
    Row{Endpoint::DownloadModelFirmware, kViewerRow},
    Row{Endpoint::UploadModelFirmware, kAdminRow},
    Row{Endpoint::ListDevices, kViewerRow},
    Row{Endpoint::CreateDevice, kAdminRow},
    Row{Endpoint::GetDevice, kViewerRow},
    Row{Endpoint::ChangeDevice, kAdminRow},
    Row{Endpoint::DeleteDevice, kAdminRow},
    Row{Endpoint::ListIssues, kViewerRow},
    Row{Endpoint::ChangeIssues, kAdminRow},
    Row{Endpoint::GetIssue, kViewerRow},
    Row{Endpoint::ChangeIssue, kAdminRow},
    Row{Endpoint::MergeIssue, kAdminRow},
    Row{Endpoint::SplitIssue, kAdminRow},
    Row{Endpoint::CommentIssue, kAdminRow},
    Row{Endpoint::ListSimilarIssues, kViewerRow},
    Row{Endpoint::ListIssueCoredumps, kViewerRow},
    Row{Endpoint::ListIssueDevices, kViewerRow},
    Row{Endpoint::ListIssueVersions, kViewerRow},
    Row{Endpoint::GetIssueSeries, kViewerRow},
    Row{Endpoint::GetIssueHistory, kViewerRow},
    Row{Endpoint::FindCoredumps, kViewerRow},
    Row{Endpoint::FindCoredump, kViewerRow},
    Row{Endpoint::ListModelVersions, kViewerRow},
    Row{Endpoint::ListAlertTargets, kViewerRow},
    Row{Endpoint::CreateAlertTarget, kAdminRow},
    Row{Endpoint::GetAlertTarget, kViewerRow},
    Row{Endpoint::ChangeAlertTarget, kAdminRow},
    Row{Endpoint::DeleteAlertTarget, kAdminRow},
    Row{Endpoint::TestAlertTarget, kAdminRow},
    Row{Endpoint::ListAlertDeliveries, kViewerRow},
    Row{Endpoint::UploadPipelineFirmware, kPipelineRow},
    Row{Endpoint::GetPipelineFirmwareVersion, kPipelineRow},
    Row{Endpoint::GetUploadSh, kPublicRow},
    Row{Endpoint::GetUploadPs1, kPublicRow},
    Row{Endpoint::GetSession, kPublicRow},
    Row{Endpoint::LogIn, kPublicRow},
    Row{Endpoint::LogInCallback, kPublicRow},
    Row{Endpoint::LogOut, kPublicRow},
    Row{Endpoint::ReportCspViolation, kPublicRow},
    Row{Endpoint::Health, kPublicRow},
    Row{Endpoint::UploadsHealth, kPublicRow},
    Row{Endpoint::Metrics, kPublicRow},
    Row{Endpoint::DescribeCoredump, kPublicRow},
    Row{Endpoint::ParseCoredump, kPublicRow},
};

class WhoMayDoWhat : public Tokens {
  protected:
    WhoMayDoWhat() : router_(*authenticator_, actions()) {}

    /// Every endpoint answers with the key of the device that asks.
    static http::Actions actions() {
        http::Actions actions;
        for (const auto& spec : http::all_endpoints()) {
            actions[spec.endpoint] = [](const http::Request& request) {
                return http::Response{200, {}, request.identity.device.key};
            };
        }
        return actions;
    }

    http::Response answer(const http::EndpointSpec& spec,
                          const std::optional<std::string>& authorization) const {
        http::Request request;
        request.method = spec.method;
        request.path = spec.path;
        if (request.path.ends_with("[/]")) request.path.resize(request.path.size() - 3);
        request.query = http::Query::parse("device_key=99999999");
        request.authorization = authorization;
        return router_.answer(request);
    }

    std::array<std::optional<std::string>, kCallers.size()> authorizations() const {
        const auto bearer = [](const std::string& token) { return "Bearer " + token; };
        return {std::nullopt,
                bearer(token()),
                bearer(token({{"azp", quote("iotdevice-heater-zyxw9876")}})),
                bearer(with_roles(quote("pipeline"))),
                bearer(with_roles(quote("viewer"))),
                bearer(with_roles(quote("admin"))),
                bearer(with_roles(quote("offline_access"))),
                bearer(with_roles(R"("admin","pipeline")", "iotdevice-thermostat-abcd1234")),
                bearer(token({{"exp", "1"}}))};
    }

    static std::string header(const http::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return "";
    }

    http::Router router_;
};

TEST_F(WhoMayDoWhat, CellByCell) {
    ASSERT_EQ(kMatrix.size(), http::all_endpoints().size());
    const auto callers = authorizations();
    for (const auto& row : kMatrix) {
        const auto spec =
            *std::ranges::find(http::all_endpoints(), row.endpoint, &http::EndpointSpec::endpoint);
        for (std::size_t i = 0; i < kCallers.size(); ++i) {
            EXPECT_EQ(answer(spec, callers.at(i)).status, row.statuses.at(i))
                << spec.operation << " for " << kCallers.at(i);
        }
    }
}

TEST_F(WhoMayDoWhat, ADeviceIsTheOneThatItsTokenNames) {
    const auto& spec = http::all_endpoints().front();
    EXPECT_EQ(answer(spec, "Bearer " + token()).body, "abcd1234");
    EXPECT_EQ(answer(spec, "Bearer " + token({{"azp", quote("iotdevice-heater-zyxw9876")}})).body,
              "zyxw9876");
}

TEST_F(WhoMayDoWhat, RolesOfTheAudienceCountToo) {
    const auto roles = R"({"coredepot": {"roles": ["admin"]}})";
    const auto admin = token({{"azp", ""}, {"resource_access", roles}});
    EXPECT_NO_THROW(authenticate(admin, Access::Admin));
    EXPECT_NO_THROW(authenticate(admin, Access::Pipeline));
    EXPECT_THROW(authenticate(admin, Access::Device), Forbidden);
}

TEST_F(WhoMayDoWhat, A401SaysWhetherTheTokenWasBad) {
    const auto& spec = http::all_endpoints().front();
    EXPECT_EQ(header(answer(spec, std::nullopt), "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header(answer(spec, "Basic eA=="), "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(header(answer(spec, "Bearer x"), "WWW-Authenticate"),
              "Bearer error=\"invalid_token\"");
    EXPECT_EQ(header(answer(spec, "Bearer " + with_roles("")), "WWW-Authenticate"), "");
}

TEST_F(WhoMayDoWhat, WithoutKeysIs503) {
    issuer_.go_down();
    const auto response = answer(http::all_endpoints().front(), "Bearer " + token());
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header(response, "Retry-After"), "10");
}

}  // namespace
}  // namespace coredepot::auth
