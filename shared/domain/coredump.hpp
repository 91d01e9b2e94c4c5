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

/// Largest core dump that is accepted, in bytes. ESP-IDF's core dump partitions are 64 KiB by
/// default; a mebibyte holds any that fits a chip with 512 KiB of RAM.
constexpr std::uint64_t kMaxCoredumpBytes = 1'048'576;

/// The name that a core dump's file has: the moment, to the microsecond, that it was uploaded at.
DumpFilename dump_filename(Timestamp uploaded_at);
/// That moment; empty when there is none of these digits, as of the 31st of February.
std::optional<Timestamp> uploaded_at(const DumpFilename& filename);

/// Where a core dump is in its life.
///
///     (spool) ───────┐  the database was away when it came
///     (upload) ──> PENDING ──claim──> PENDING, leased ──verdict──> PARSED | ERROR
///                     ^                     │                             │
///                     ├──failure, pause─────┤  up to three attempts       │
///                     ├──lease ran out──────┘  the runner died: no attempt│
///                     └──firmware arrived, or an admin wants it again─────┘
///
/// A row is made only when its file is on stable storage, and goes before its file does: the row is
/// the truth, and a file that no row names is a core dump whose row was lost, unless there is a
/// record of its deletion. A file that goes for want of room leaves its row, which says so first.
enum class ParseStatus : std::uint8_t { Pending, Parsed, Error };

/// `PENDING`, `PARSED`, `ERROR`: as the database and the API write them.
std::string_view to_string(ParseStatus status);
ParseStatus parse_status_from(std::string_view text);

/// Where a core dump's bytes are, as its row says.
struct DumpFile {
    DumpFilename filename;  ///< below COREDUMPS_DIR, in its device's folder, if there is no object
    /// Its key in the bucket, below S3_PREFIX; empty: it is a file.
    std::optional<std::string> object = std::nullopt;

    auto operator<=>(const DumpFile&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// What decoding a core dump found out.
struct CrashReport {
    std::string output;                    ///< for people: text, UTF-8 without NUL
    std::optional<std::string> signature;  ///< equal for core dumps of one bug
    std::optional<std::string> title;      ///< what happened and where, in a line
    std::optional<std::string> details;    ///< for machines: a JSON object as text
    /// A part of `details` that has all that counting reads, so that the database need not look
    /// for it in all of them; empty: it does.
    std::optional<std::string> counted = {};
    /// Gzip of parse_result_json(), to be recorded and answered as it is, in place of `output` and
    /// `details`; empty: they are recorded, and packed for nobody.
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
    std::optional<std::string> signature;  ///< of the crash; empty until it is parsed
    std::optional<std::string> title;
    /// To parse it, that were started since it came into the queue; not those whose runner died.
    int attempts = 0;
    /// When a runner may take it (again); empty: it is not in the queue.
    std::optional<Timestamp> next_attempt_at;
    /// When retention gave its file up, and left the row; empty: the file is there.
    std::optional<Timestamp> file_expired_at;
};

/// Where a core dump is in the list of its device's, newest first.
struct CoredumpPosition {
    Timestamp uploaded_at;
    std::int64_t id = 0;  ///< decides between equal times

    auto operator<=>(const CoredumpPosition&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// A core dump in the hands of a runner.
struct Lease {
    std::string holder;  ///< `host:pid`, or "" when that is not known
    Timestamp ends_at;   ///< when another runner takes over, unless it is renewed
};

/// The issue that a core dump is counted for.
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
    /// Of the bundle whose ELF decoded it; another than the device said, where that was wrong.
    std::optional<std::string> decoded_version;
    /// CrashReport's; then what would be `parsed_output` and `report` is in there, and they are
    /// empty.
    std::optional<std::string> packed;
};

}  // namespace coredepot
