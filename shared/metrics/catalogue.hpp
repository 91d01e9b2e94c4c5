#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// What is counted. The sets are closed, so that every series exists from the start, at zero:
/// Prometheus' rate() does not see a first error when its series starts with it.
namespace coredepot::metrics {

using std::chrono::microseconds;

/// Operations: the API's endpoints (http/endpoints.cpp does not compile if a name is missing here)
/// and what parse-runner does.
constexpr auto kOperations = std::to_array<std::string_view>({
    "iot_upload_coredump",
    "iot_get_firmware",
    "iot_get_firmware_version",
    "list_coredumps",
    "get_coredump",
    "download_coredump",
    "delete_coredump",
    "delete_all_coredumps",
    "reparse_coredump",
    "reparse_coredumps",
    "list_device_models",
    "create_device_model",
    "get_device_model",
    "rename_device_model",
    "delete_device_model",
    "get_model_firmware",
    "upload_model_firmware",
    "get_signature_rules",
    "replace_signature_rules",
    "list_devices",
    "create_device",
    "get_device",
    "rename_device",
    "delete_device",
    "list_issues",
    "change_issues",
    "get_issue",
    "change_issue",
    "merge_issue",
    "split_issue",
    "comment_issue",
    "list_similar_issues",
    "list_issue_coredumps",
    "list_issue_devices",
    "list_issue_versions",
    "get_issue_series",
    "get_issue_history",
    "find_coredumps",
    "find_coredump",
    "list_model_versions",
    "list_alert_targets",
    "create_alert_target",
    "get_alert_target",
    "change_alert_target",
    "delete_alert_target",
    "test_alert_target",
    "list_alert_deliveries",
    "pipeline_upload_firmware",
    "pipeline_upload_firmware_zip",
    "pipeline_get_firmware_version",
    "pipeline_get_upload_sh",
    "pipeline_get_upload_ps1",
    "get_session",
    "log_in",
    "log_in_callback",
    "log_out",
    "report_csp_violation",
    "health",
    "uploads_health",
    "metrics",
    "coredump_parse",
    "other",
});

/// A request with an unknown path or a wrong method.
constexpr std::string_view kOther = "other";
constexpr std::string_view kCoredumpParse = "coredump_parse";

constexpr std::optional<std::size_t> operation_index(std::string_view name) {
    const auto* const found = std::ranges::find(kOperations, name);
    if (found == kOperations.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kOperations.begin());
}

/// How an operation ended. A request with a status below 400 is a success.
enum class Outcome : std::uint8_t { Success, Error };
constexpr std::array<std::string_view, 2> kOutcomes = {"success", "error"};

/// The statuses that handlers use (http/response.cpp has their texts), and 0 for any other.
constexpr auto kStatusCodes =
    std::to_array<int>({200, 201, 202, 204, 206, 302, 304, 400, 401, 403, 404,
                        405, 409, 412, 413, 415, 422, 429, 500, 503, 0});

/// Upper bounds of the duration histogram. They reach from a lookup of a row by its key to the
/// longest parse (kSidecarTimeLimit).
constexpr auto kDurationBounds = std::to_array<microseconds>({
    microseconds(1'000),
    microseconds(2'500),
    microseconds(5'000),
    microseconds(10'000),
    microseconds(25'000),
    microseconds(50'000),
    microseconds(100'000),
    microseconds(250'000),
    microseconds(500'000),
    microseconds(1'000'000),
    microseconds(2'500'000),
    microseconds(5'000'000),
    microseconds(10'000'000),
    microseconds(30'000'000),
    microseconds(60'000'000),
    microseconds(120'000'000),
});

/// The outcome of an attempt to parse a core dump.
enum class ParseOutcome : std::uint8_t {
    Parsed,
    Error,     ///< it ended in ERROR
    Retry,     ///< the attempt failed; another one is due after a pause
    Dropped,   ///< not recorded: the lease was lost, the dump deleted, or the earlier result stays
    Released,  ///< the runner was told to stop and gave the dump back
};
constexpr std::array<std::string_view, 5> kParseOutcomes = {"parsed", "error", "retry", "dropped",
                                                            "released"};

/// Requests to the object store, in the order of objects::Operation.
constexpr std::array<std::string_view, 5> kStoreOperations = {"put", "get", "head", "list",
                                                              "remove"};
/// Their outcomes, in the order of objects::Outcome. In doubt: after a put, we do not know whether
/// the object is there.
constexpr std::array<std::string_view, 3> kStoreOutcomes = {"done", "failed", "in_doubt"};

/// Events that the outcome of an operation does not show.
enum class Event : std::uint8_t {
    CorruptBundle,    ///< a firmware bundle could not be read; the flat image was used if there was
                      ///< one
    CoredumpEvicted,  ///< retention removed a row
    /// An upload repeated a recorded one, by its idempotency key or by its bytes.
    CoredumpRepeated,
    CoredumpAdopted,      ///< fsck made a row for a file that had lost its own
    CoredumpQuarantined,  ///< an accepted core dump that cannot have a row was set aside
    OrphanRemoved,        ///< fsck removed the file of a core dump that was deleted on purpose
    /// A core dump's file was removed and its row stayed, because of this limit.
    FileExpiredForBytes,
    FileExpiredForFreeSpace,
    FileExpiredForAge,
};
constexpr std::size_t kEvents = 9;

}  // namespace coredepot::metrics
