#include "http/endpoints.hpp"

#include <algorithm>
#include <array>

#include "metrics/catalogue.hpp"

namespace coredepot::http {
namespace {

using auth::Access;

// clang-format off
constexpr std::array kEndpoints = {
    EndpointSpec{Endpoint::UploadCoredump,     "POST",   "/api/iot/coredump",         Access::Device, "iot_upload_coredump"},
    EndpointSpec{Endpoint::GetFirmware,        "GET",    "/api/iot/firmware",         Access::Device, "iot_get_firmware"},
    EndpointSpec{Endpoint::GetFirmwareVersion, "GET",    "/api/iot/firmware-version", Access::Device, "iot_get_firmware_version"},

    EndpointSpec{Endpoint::ListCoredumps,      "GET",    "/api/devices/{device_id}/coredumps[/]",          Access::Viewer, "list_coredumps"},
    EndpointSpec{Endpoint::DeleteAllCoredumps, "DELETE", "/api/devices/{device_id}/coredumps[/]",          Access::Admin, "delete_all_coredumps"},
    EndpointSpec{Endpoint::GetCoredump,        "GET",    "/api/devices/{device_id}/coredumps/{id}",          Access::Viewer, "get_coredump"},
    EndpointSpec{Endpoint::DeleteCoredump,     "DELETE", "/api/devices/{device_id}/coredumps/{id}",          Access::Admin, "delete_coredump"},
    EndpointSpec{Endpoint::DownloadCoredump,   "GET",    "/api/devices/{device_id}/coredumps/{id}/download", Access::Viewer, "download_coredump"},
    EndpointSpec{Endpoint::ReparseCoredump,    "POST",   "/api/devices/{device_id}/coredumps/{id}/reparse",  Access::Admin, "reparse_coredump"},
    EndpointSpec{Endpoint::ReparseCoredumps,   "POST",   "/api/coredumps/reparse",                           Access::Admin, "reparse_coredumps"},

    EndpointSpec{Endpoint::ListDeviceModels,      "GET",    "/api/device-models",               Access::Viewer, "list_device_models"},
    EndpointSpec{Endpoint::CreateDeviceModel,     "POST",   "/api/device-models",               Access::Admin, "create_device_model"},
    EndpointSpec{Endpoint::GetDeviceModel,        "GET",    "/api/device-models/{id}",          Access::Viewer, "get_device_model"},
    EndpointSpec{Endpoint::RenameDeviceModel,     "PUT",    "/api/device-models/{id}",          Access::Admin, "rename_device_model"},
    EndpointSpec{Endpoint::DeleteDeviceModel,     "DELETE", "/api/device-models/{id}",          Access::Admin, "delete_device_model"},
    EndpointSpec{Endpoint::DownloadModelFirmware, "GET",    "/api/device-models/{id}/firmware", Access::Viewer, "get_model_firmware"},
    EndpointSpec{Endpoint::UploadModelFirmware,   "POST",   "/api/device-models/{id}/firmware", Access::Admin, "upload_model_firmware"},
    EndpointSpec{Endpoint::GetSignatureRules,     "GET",    "/api/device-models/{id}/signature-rules", Access::Viewer, "get_signature_rules"},
    EndpointSpec{Endpoint::ReplaceSignatureRules, "PUT",    "/api/device-models/{id}/signature-rules", Access::Admin, "replace_signature_rules"},

    EndpointSpec{Endpoint::ListDevices,  "GET",    "/api/devices",      Access::Viewer, "list_devices"},
    EndpointSpec{Endpoint::CreateDevice, "POST",   "/api/devices",      Access::Admin, "create_device"},
    EndpointSpec{Endpoint::GetDevice,    "GET",    "/api/devices/{id}", Access::Viewer, "get_device"},
    EndpointSpec{Endpoint::ChangeDevice, "PUT",    "/api/devices/{id}", Access::Admin, "rename_device"},
    EndpointSpec{Endpoint::DeleteDevice, "DELETE", "/api/devices/{id}", Access::Admin, "delete_device"},

    EndpointSpec{Endpoint::ListIssues,         "GET",   "/api/issues",                                       Access::Viewer, "list_issues"},
    EndpointSpec{Endpoint::ChangeIssues,       "PATCH", "/api/issues",                                       Access::Admin,  "change_issues"},
    EndpointSpec{Endpoint::GetIssue,           "GET",   "/api/issues/{issue}",                               Access::Viewer, "get_issue"},
    EndpointSpec{Endpoint::ChangeIssue,        "PATCH", "/api/issues/{issue}",                               Access::Admin,  "change_issue"},
    EndpointSpec{Endpoint::MergeIssue,         "POST",  "/api/issues/{issue}/merge",                         Access::Admin,  "merge_issue"},
    EndpointSpec{Endpoint::SplitIssue,         "POST",  "/api/issues/{issue}/signatures/{signature}/split",  Access::Admin,  "split_issue"},
    EndpointSpec{Endpoint::CommentIssue,       "POST",  "/api/issues/{issue}/comments",                      Access::Admin,  "comment_issue"},
    EndpointSpec{Endpoint::ListSimilarIssues,  "GET",   "/api/issues/{issue}/similar",                       Access::Viewer, "list_similar_issues"},
    EndpointSpec{Endpoint::ListIssueCoredumps, "GET",   "/api/issues/{issue}/coredumps",                     Access::Viewer, "list_issue_coredumps"},
    EndpointSpec{Endpoint::ListIssueDevices,   "GET",   "/api/issues/{issue}/devices",                       Access::Viewer, "list_issue_devices"},
    EndpointSpec{Endpoint::ListIssueVersions,  "GET",   "/api/issues/{issue}/versions",                      Access::Viewer, "list_issue_versions"},
    EndpointSpec{Endpoint::GetIssueSeries,     "GET",   "/api/issues/{issue}/series",                        Access::Viewer, "get_issue_series"},
    EndpointSpec{Endpoint::GetIssueHistory,    "GET",   "/api/issues/{issue}/history",                       Access::Viewer, "get_issue_history"},
    EndpointSpec{Endpoint::FindCoredumps,      "GET",   "/api/coredumps",                                    Access::Viewer, "find_coredumps"},
    EndpointSpec{Endpoint::FindCoredump,       "GET",   "/api/coredumps/{id}",                               Access::Viewer, "find_coredump"},
    EndpointSpec{Endpoint::ListModelVersions,  "GET",   "/api/device-models/{id}/versions",                  Access::Viewer, "list_model_versions"},

    EndpointSpec{Endpoint::ListAlertTargets,    "GET",    "/api/alert-targets",                 Access::Viewer, "list_alert_targets"},
    EndpointSpec{Endpoint::CreateAlertTarget,   "POST",   "/api/alert-targets",                 Access::Admin,  "create_alert_target"},
    EndpointSpec{Endpoint::GetAlertTarget,      "GET",    "/api/alert-targets/{id}",            Access::Viewer, "get_alert_target"},
    EndpointSpec{Endpoint::ChangeAlertTarget,   "PATCH",  "/api/alert-targets/{id}",            Access::Admin,  "change_alert_target"},
    EndpointSpec{Endpoint::DeleteAlertTarget,   "DELETE", "/api/alert-targets/{id}",            Access::Admin,  "delete_alert_target"},
    EndpointSpec{Endpoint::TestAlertTarget,     "POST",   "/api/alert-targets/{id}/test",       Access::Admin,  "test_alert_target"},
    EndpointSpec{Endpoint::ListAlertDeliveries, "GET",    "/api/alert-targets/{id}/deliveries", Access::Viewer, "list_alert_deliveries"},

    EndpointSpec{Endpoint::UploadPipelineFirmware,     "POST", "/api/pipeline/models/{code}/firmware",         Access::Pipeline, "pipeline_upload_firmware"},
    EndpointSpec{Endpoint::GetPipelineFirmwareVersion, "GET",  "/api/pipeline/models/{code}/firmware-version", Access::Pipeline, "pipeline_get_firmware_version"},
    EndpointSpec{Endpoint::GetUploadSh,  "GET", "/api/pipeline/upload.sh",  Access::Public, "pipeline_get_upload_sh"},
    EndpointSpec{Endpoint::GetUploadPs1, "GET", "/api/pipeline/upload.ps1", Access::Public, "pipeline_get_upload_ps1"},

    EndpointSpec{Endpoint::GetSession,         "GET",  "/session",          Access::Public, "get_session"},
    EndpointSpec{Endpoint::LogIn,              "GET",  "/session/login",    Access::Public, "log_in"},
    EndpointSpec{Endpoint::LogInCallback,      "GET",  "/session/callback", Access::Public, "log_in_callback"},
    EndpointSpec{Endpoint::LogOut,             "POST", "/session/logout",   Access::Public, "log_out"},
    EndpointSpec{Endpoint::ReportCspViolation, "POST", "/csp-reports",      Access::Public, "report_csp_violation"},

    EndpointSpec{Endpoint::Health,  "GET", "/health",  Access::Public, "health"},
    EndpointSpec{Endpoint::UploadsHealth, "GET", "/health/uploads", Access::Public, "uploads_health"},
    EndpointSpec{Endpoint::Metrics, "GET", "/metrics", Access::Public, "metrics"},

    EndpointSpec{Endpoint::DescribeCoredump, "GET", "/describe-coredump", Access::Public, "describe_coredump"},
    EndpointSpec{Endpoint::ParseCoredump,    "GET", "/parse-coredump",    Access::Public, "parse_coredump"},
};
// clang-format on

// Except the sidecar, which reads hostile bytes and shares nothing; parse-runner counts for it.
static_assert(std::ranges::all_of(kEndpoints,
                                  [](const EndpointSpec& spec) {
                                      return is_of_sidecar(spec.endpoint) ||
                                             metrics::operation_index(spec.operation);
                                  }),
              "an operation that is not counted: it belongs in metrics/catalogue.hpp too");

}  // namespace

std::span<const EndpointSpec> all_endpoints() {
    return kEndpoints;
}

}  // namespace coredepot::http
