#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/identity.hpp"

namespace coredepot::http {

/// All requests that the API answers, each with a name.
enum class Endpoint {
    UploadCoredump,
    GetFirmware,
    GetFirmwareVersion,
    ListCoredumps,
    DeleteAllCoredumps,
    GetCoredump,
    DeleteCoredump,
    DownloadCoredump,
    ReparseCoredump,
    ReparseCoredumps,
    ListDeviceModels,
    CreateDeviceModel,
    GetDeviceModel,
    RenameDeviceModel,
    DeleteDeviceModel,
    DownloadModelFirmware,
    UploadModelFirmware,
    GetSignatureRules,
    ReplaceSignatureRules,
    ListDevices,
    CreateDevice,
    GetDevice,
    ChangeDevice,
    DeleteDevice,
    ListIssues,
    ChangeIssues,
    GetIssue,
    ChangeIssue,
    MergeIssue,
    SplitIssue,
    CommentIssue,
    ListSimilarIssues,
    ListIssueCoredumps,
    ListIssueDevices,
    ListIssueVersions,
    GetIssueSeries,
    GetIssueHistory,
    FindCoredumps,
    FindCoredump,
    ListModelVersions,
    ListAlertTargets,
    CreateAlertTarget,
    GetAlertTarget,
    ChangeAlertTarget,
    DeleteAlertTarget,
    TestAlertTarget,
    ListAlertDeliveries,
    UploadPipelineFirmware,
    GetPipelineFirmwareVersion,
    GetUploadSh,
    GetUploadPs1,
    GetSession,
    LogIn,
    LogInCallback,
    LogOut,
    ReportCspViolation,
    Health,
    UploadsHealth,
    Metrics,
    DescribeCoredump,
    ParseCoredump,
};

/// A row of the table of endpoints, which is the only place for paths, methods, and whom each is
/// for. nginx routes by the same paths. Each handler serves some of the rows.
struct EndpointSpec {
    Endpoint endpoint;
    std::string_view method;
    /// `{name}` stands for one segment of any bytes except a slash. `[/]` at the end stands for an
    /// optional slash.
    std::string_view path;
    auth::Access access;
    std::string_view operation;  ///< its name in logs and metrics
};

std::span<const EndpointSpec> all_endpoints();

/// The sidecar's requests, on a server of its own. All others are the API's.
constexpr bool is_of_sidecar(Endpoint endpoint) {
    return endpoint == Endpoint::DescribeCoredump || endpoint == Endpoint::ParseCoredump;
}

}  // namespace coredepot::http
