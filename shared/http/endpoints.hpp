#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/identity.hpp"

namespace coredepot::http {

/// Everything that the API can be asked, one name each.
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
    RenameDevice,
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

/// One row of the table of endpoints: the one place that says which paths and methods there are and
/// whom each is for. nginx routes by the same paths; a handler implements the rows it serves.
struct EndpointSpec {
    Endpoint endpoint;
    std::string_view method;
    /// `{name}` stands for one segment, whatever bytes it has but a slash; a last `[/]` for a slash
    /// that may be there.
    std::string_view path;
    auth::Access access;
    std::string_view operation;  ///< its name in logs and metrics
};

std::span<const EndpointSpec> all_endpoints();

/// What the sidecar is asked, on a server of its own; the others are the API.
constexpr bool is_of_sidecar(Endpoint endpoint) {
    return endpoint == Endpoint::DescribeCoredump || endpoint == Endpoint::ParseCoredump;
}

}  // namespace coredepot::http
