#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"
#include "domain/time.hpp"

namespace coredepot {

/// The largest core dump that we accept, in bytes. ESP-IDF's core dump partition is 64 KiB by
/// default; a mebibyte is enough for every chip with 512 KiB of RAM.
constexpr std::uint64_t kMaxCoredumpBytes = 1'048'576;

/// The name of a core dump's file: the moment of its upload, to the microsecond.
DumpFilename dump_filename(Timestamp uploaded_at);
/// The moment in a name; empty when there is no such moment, as on the 31st of February.
std::optional<Timestamp> uploaded_at(const DumpFilename& filename);

/// The states of a core dump:
///
///     (spool) ───────┐  the database was away when it came
///     (upload) ──> PENDING ──claim──> PENDING, leased ──verdict──> PARSED | ERROR
///                     ^                     │                             │
///                     ├──failure, pause─────┤  up to three attempts       │
///                     ├──lease ran out──────┘  the runner died: no attempt│
///                     └──firmware arrived, or an admin wants it again─────┘
///
/// We make a row only when its file is on stable storage, and remove it before its file. So the row
/// is the truth. A file without a row is a core dump whose row was lost, unless its deletion was
/// recorded. When a file goes for want of room, the row stays, and it says so first.
enum class ParseStatus : std::uint8_t { Pending, Parsed, Error };

/// `PENDING`, `PARSED`, `ERROR`, as in the database and the API.
std::string_view to_string(ParseStatus status);
ParseStatus parse_status_from(std::string_view text);

/// Where a core dump's bytes are, according to its row.
struct DumpFile {
    /// In the device's folder below COREDUMPS_DIR, unless there is an object.
    DumpFilename filename;
    /// Its key in the bucket, below S3_PREFIX; empty: the core dump is a file.
    std::optional<std::string> object = std::nullopt;

    auto operator<=>(const DumpFile&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// What decoding found out about a core dump.
struct CrashReport {
    std::string output;                    ///< for people: text, UTF-8 without NUL
    std::optional<std::string> signature;  ///< the same for all core dumps of one bug
    std::optional<std::string> title;      ///< one line: what happened and where
    std::optional<std::string> details;    ///< for machines: a JSON object as text
    /// The part of `details` that counting reads, so that the database need not search all of it;
    /// empty: it searches `details`.
    std::optional<std::string> counted = {};
    /// Gzip of parse_result_json(). It is stored instead of `output` and `details`, and sent as it
    /// is; empty: `output` and `details` are stored unpacked.
    std::optional<std::string> packed = {};

    static constexpr std::size_t kMaxSignature = 64;  ///< characters `[0-9A-Za-z_-]`
    static constexpr std::size_t kMaxTitle = 500;     ///< characters
};

/// What a list shows of a core dump.
struct CoredumpSummary {
    std::int64_t id = 0;
    std::int64_t device_id = 0;
    DumpFilename filename;
    std::string chip;
    std::string firmware_version;
    std::int64_t size = 0;  ///< bytes, as uploaded
    ParseStatus parse_status = ParseStatus::Pending;
    Timestamp uploaded_at;
    std::optional<Timestamp> parsed_at;
    Timestamp created_at;
    std::optional<std::string> signature;  ///< of the crash; empty before parsing
    std::optional<std::string> title;
    /// Attempts to parse it since it was queued. Those whose runner died do not count.
    int attempts = 0;
    /// When a runner may take it (again); empty: it is not queued.
    std::optional<Timestamp> next_attempt_at;
    /// When retention removed its file but left the row; empty: the file is there.
    std::optional<Timestamp> file_expired_at;
};

/// A position in a device's list of core dumps, which shows the newest first.
struct CoredumpPosition {
    Timestamp uploaded_at;
    std::int64_t id = 0;  ///< decides when times are equal

    auto operator<=>(const CoredumpPosition&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// A runner's hold on a core dump.
struct Lease {
    std::string holder;  ///< `host:pid`, or "" when unknown
    Timestamp ends_at;   ///< another runner may take over then, unless it is renewed
};

/// The issue that counts a core dump.
struct CoredumpIssue {
    std::int64_t id = 0;
    std::string name;  ///< `THERMOSTAT-12`
};

struct CoredumpDetail {
    CoredumpSummary summary;
    std::optional<std::string> parsed_output;  ///< the sidecar's text, or why there is none
    Timestamp updated_at;
    std::optional<std::string> report;      ///< a JSON object as text
    std::optional<std::string> last_error;  ///< why the last attempt failed
    std::optional<Lease> lease;             ///< while it is being parsed
    std::optional<CoredumpIssue> issue;     ///< once it was parsed to a signature
    /// The version of the bundle whose ELF decoded it. It differs from the device's claim when that
    /// was wrong.
    std::optional<std::string> decoded_version;
    /// As in CrashReport. It then holds `parsed_output` and `report`, and those are empty.
    std::optional<std::string> packed;
};

}  // namespace coredepot
