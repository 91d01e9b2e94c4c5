#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// What is counted. The sets are closed, so that every series is there from the start, at zero:
/// Prometheus' rate() does not see a first error that comes together with its series.
namespace coredepot::metrics {

using std::chrono::microseconds;

/// Operations: the endpoints of the API (http/endpoints.cpp refuses to compile without their names)
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

/// A request that no endpoint is for: its path or its method.
constexpr std::string_view kOther = "other";
constexpr std::string_view kCoredumpParse = "coredump_parse";

constexpr std::optional<std::size_t> operation_index(std::string_view name) {
    const auto* const found = std::ranges::find(kOperations, name);
    if (found == kOperations.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kOperations.begin());
}

/// How an operation ended; of a request, an answer below 400 is a success.
enum class Outcome : std::uint8_t { Success, Error };
constexpr std::array<std::string_view, 2> kOutcomes = {"success", "error"};

/// What handlers answer (http/response.cpp has the words), and 0 for anything else.
constexpr auto kStatusCodes = std::to_array<int>(
    {200, 201, 202, 204, 302, 304, 400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 0});

/// Upper bounds of the duration histogram: from a row by its key to the longest parse
/// (kSidecarTimeLimit).
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

/// What came of an attempt to parse a core dump.
enum class ParseOutcome : std::uint8_t {
    Parsed,
    Error,     ///< it ended in ERROR
    Retry,     ///< the attempt failed; another one is due after a pause
    Dropped,   ///< the lease was lost or the dump deleted before the result could be recorded, or
               ///< the one of before stays
    Released,  ///< the runner was told to stop, and gave the dump back
};
constexpr std::array<std::string_view, 5> kParseOutcomes = {"parsed", "error", "retry", "dropped",
                                                            "released"};

/// What the object store is asked for, in the order of objects::Operation.
constexpr std::array<std::string_view, 5> kStoreOperations = {"put", "get", "head", "list",
                                                              "remove"};
/// How that ended, in the order of objects::Outcome. In doubt: put, and nobody knows whether it is
/// there.
constexpr std::array<std::string_view, 3> kStoreOutcomes = {"done", "failed", "in_doubt"};

/// Things that happen beside the outcome of an operation.
enum class Event : std::uint8_t {
    CorruptBundle,    ///< a firmware bundle could not be read; the flat image stood in, if any
    CoredumpEvicted,  ///< retention removed a row
    /// an upload was one that had been recorded before: by its idempotency key, or by its bytes
    CoredumpRepeated,
    CoredumpAdopted,      ///< fsck made the row of a file that had lost it
    CoredumpQuarantined,  ///< an accepted core dump that can have no row was put aside
    OrphanRemoved,        ///< fsck removed the file of a core dump that was deleted on purpose
    /// a core dump's file went, and its row stayed: for which limit
    FileExpiredForBytes,
    FileExpiredForFreeSpace,
    FileExpiredForAge,
};
constexpr std::size_t kEvents = 9;

}  // namespace coredepot::metrics
