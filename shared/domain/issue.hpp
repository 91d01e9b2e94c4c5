#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/names.hpp"
#include "domain/time.hpp"

/// What people work on: crashes of one bug in one model. sql/deploy/issues.sql says how they are
/// counted.
namespace coredepot {

/// What a list shows of an issue. What is marked as JSON is text that the database made, and that
/// nobody here looks into.
struct IssueSummary {
    std::int64_t id = 0;
    std::string name;  ///< `THERMOSTAT-12`
    std::string model;
    std::optional<std::string> title;
    std::string kind;
    std::string quality;  ///< of the signature: `full`, `short`, `guessed`, `unverified`
    std::string state;    ///< `open`, `resolved`, `muted`, `merged`
    /// Why it is open: `new`, `regressed`, `unmuted`, `reopened`.
    std::optional<std::string> reason;
    std::int64_t devices = 0;
    std::int64_t occurrences = 0;  ///< core dumps, ever
    std::int64_t kept = 0;         ///< of those, what is still there
    std::int64_t unverified = 0;   ///< of those, decoded with an ELF that they do not name
    std::optional<Timestamp> first_seen;
    std::optional<Timestamp> last_seen;
    std::optional<std::string> first_version;
    std::optional<std::string> last_version;
    std::string fixed_in;  ///< JSON: an array of versions
    bool fixed_in_next = false;
    std::optional<std::string>
        regressed_in;           ///< the version in which it came back, if it is open for that
    std::string sparkline;      ///< JSON: occurrences of the last 24 hours, the oldest first
    std::int64_t revision = 0;  ///< grows with each change
};

struct IssueDetail {
    IssueSummary summary;
    std::string signatures;           ///< JSON: an array of objects
    std::optional<std::string> mute;  ///< JSON: until when it is muted; empty: for ever, or not
    std::optional<std::string> ticket_url;
    std::optional<std::int64_t> merged_into;
    std::string elsewhere;  ///< JSON: issues of other models with an equal signature
};

/// How a request names an issue: by its id, or as people do.
struct IssueReference {
    std::int64_t id = 0;  ///< 0: by the others
    std::optional<ModelCode> model = std::nullopt;
    std::int64_t number = 0;
};

/// Where an issue is in a list: what the list is ordered by (microseconds, or a count) and its id.
struct IssuePosition {
    std::int64_t value = 0;
    std::int64_t id = 0;
};

/// Which issues a list is to have; what is empty is no condition.
struct IssueFilter {
    std::string sort = "last_seen";  ///< or `first_seen`, `devices`, `occurrences`
    std::optional<std::int64_t> device_model_id = std::nullopt;
    std::optional<std::string> state = std::nullopt;
    bool regressed = false;
    bool still_seen = false;  ///< resolved, and seen since
    std::optional<std::string> version = std::nullopt;
    std::optional<std::string> kind = std::nullopt;
    std::optional<std::string> text = std::nullopt;  ///< a part of a title or a function
    std::optional<std::string> function = std::nullopt;
    std::optional<Timestamp> seen_after = std::nullopt;
    std::optional<std::int64_t> min_devices = std::nullopt;
};

struct IssueVersion {
    std::string version;
    std::int64_t devices = 0;
    std::int64_t occurrences = 0;
};

struct IssueDevice {
    std::int64_t id = 0;
    std::optional<std::string> key;  ///< empty: the device was deleted
    std::int64_t occurrences = 0;
    Timestamp last_seen;
};

struct IssueEvent {
    std::int64_t id = 0;
    Timestamp at;
    std::string event;
    std::optional<std::string> by_subject;  ///< empty: nobody did it, or tokens are not checked
    std::optional<std::string> by_name;
    std::optional<std::string> version;
    std::optional<std::int64_t> coredump_id;
    std::optional<std::string> comment;
};

/// Occurrences by time, as JSON arrays of objects.
struct IssueSeries {
    std::string hours;
    std::string days;
};

/// Until when an issue is muted; nothing set: for ever.
struct MuteUntil {
    std::string json = "null";  ///< as it was asked for
    std::optional<Timestamp> time = std::nullopt;
    std::optional<std::int64_t> occurrences = std::nullopt;  ///< so many more
    std::optional<std::int64_t> devices = std::nullopt;      ///< so many more
    std::optional<FirmwareVersion> version_after = std::nullopt;
};

/// What is to become of an issue.
struct IssueChange {
    enum class Kind : std::uint8_t { Resolve, Open, Mute, LinkTicket };
    Kind kind = Kind::Open;
    std::vector<FirmwareVersion> fixed_in = {};  ///< for Resolve; none: in no version yet
    bool fixed_in_next = false;
    MuteUntil until = {};
    std::optional<std::string> ticket_url = std::nullopt;
};

/// A version of a model and what is known of it.
struct ModelVersion {
    std::string version;
    std::optional<Timestamp> uploaded_at;  ///< first; empty: it never was
    std::int64_t devices = 0;              ///< that crashed with it, ever
    std::int64_t occurrences = 0;
    std::int64_t new_issues = 0;
    std::int64_t regressed_issues = 0;
    std::int64_t fixed_issues = 0;
    std::int64_t waiting = 0;             ///< core dumps that wait for its bundle
    std::optional<std::int64_t> running;  ///< devices that say they run it; empty: none ever said
    std::optional<std::int64_t> crash_free;  ///< of those, how many never crashed with it
};

}  // namespace coredepot
