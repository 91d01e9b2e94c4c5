#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/names.hpp"
#include "domain/time.hpp"

/// An issue: the crashes that one bug causes in one model. People work on issues.
/// sql/deploy/issues.sql says how they are counted.
namespace coredepot {

/// What a list shows of an issue. Members marked as JSON are texts from the database; nothing here
/// looks into them.
struct IssueSummary {
    std::int64_t id = 0;
    std::string name;  ///< `THERMOSTAT-12`
    std::string model;
    std::optional<std::string> title;
    std::string kind;
    std::string quality;  ///< of the signature: `full`, `short`, `guessed`, `unverified`
    std::string state;    ///< `open`, `resolved`, `muted`, `merged`
    /// The reason why it is open: `new`, `regressed`, `unmuted`, `reopened`.
    std::optional<std::string> reason;
    std::int64_t devices = 0;
    std::int64_t occurrences = 0;  ///< core dumps so far
    std::int64_t kept = 0;         ///< how many of them still exist
    /// How many of them were decoded with an ELF that they do not name.
    std::int64_t unverified = 0;
    std::optional<Timestamp> first_seen;
    std::optional<Timestamp> last_seen;
    std::optional<std::string> first_version;
    std::optional<std::string> last_version;
    std::string fixed_in;  ///< JSON: an array of versions
    bool fixed_in_next = false;
    std::optional<std::string>
        regressed_in;           ///< the version in which it came back, if that is why it is open
    std::string sparkline;      ///< JSON: occurrences in each of the last 24 hours, oldest first
    std::int64_t revision = 0;  ///< grows with each change
};

/// One of the signatures that are an issue.
struct IssueSignature {
    std::int64_t id = 0;  ///< grows with each new signature
    std::string signature;
    std::optional<std::string> title;
    std::string functions;  ///< JSON: an array of names, innermost first
    std::string quality;
    std::int64_t occurrences = 0;
};

struct IssueDetail {
    IssueSummary summary;
    std::vector<IssueSignature> signatures;  ///< the oldest first
    /// JSON: until when it is muted; empty: for ever, or not muted.
    std::optional<std::string> mute;
    std::optional<std::string> ticket_url;
    std::optional<std::int64_t> merged_into;
    std::string elsewhere;  ///< JSON: issues of other models with the same signature
};

/// An issue as a request names it: by its ID, or by its name.
struct IssueReference {
    std::int64_t id = 0;  ///< 0: use the other two
    std::optional<ModelCode> model = std::nullopt;
    std::int64_t number = 0;
};

/// A position in a list of issues: the value that orders the list (microseconds, or a count) and
/// the ID.
struct IssuePosition {
    std::int64_t value = 0;
    std::int64_t id = 0;
};

/// Selects issues for a list. An empty member is no condition.
struct IssueFilter {
    std::string sort = "last_seen";  ///< or `first_seen`, `devices`, `occurrences`
    std::optional<std::int64_t> device_model_id = std::nullopt;
    std::optional<std::string> state = std::nullopt;
    bool regressed = false;
    bool still_seen = false;  ///< only those that are resolved and were seen since
    std::optional<std::string> version = std::nullopt;
    std::optional<std::string> kind = std::nullopt;
    std::optional<std::string> text = std::nullopt;  ///< part of a title or of a function
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
    std::optional<std::string> by_subject;  ///< empty: nobody, or tokens are not checked
    std::optional<std::string> by_name;
    std::optional<std::string> version;
    std::optional<std::int64_t> coredump_id;
    std::optional<std::string> comment;
};

/// Occurrences over time, as JSON arrays of objects.
struct IssueSeries {
    std::string hours;
    std::string days;
};

/// When an issue's mute ends; with nothing set, never.
struct MuteUntil {
    std::string json = "null";  ///< as the request had it
    std::optional<Timestamp> time = std::nullopt;
    std::optional<std::int64_t> occurrences = std::nullopt;  ///< after this many more
    std::optional<std::int64_t> devices = std::nullopt;      ///< after this many more
    std::optional<FirmwareVersion> version_after = std::nullopt;
};

/// A change to an issue.
struct IssueChange {
    enum class Kind : std::uint8_t { Resolve, Open, Mute, LinkTicket };
    Kind kind = Kind::Open;
    std::vector<FirmwareVersion> fixed_in = {};  ///< for Resolve; empty: not yet in any version
    bool fixed_in_next = false;
    MuteUntil until = {};
    std::optional<std::string> ticket_url = std::nullopt;
};

/// A version of a model, and what we know about it.
struct ModelVersion {
    std::string version;
    std::optional<Timestamp> uploaded_at;  ///< for the first time; empty: never
    std::int64_t devices = 0;              ///< how many devices ever crashed with it
    std::int64_t occurrences = 0;
    std::int64_t new_issues = 0;
    std::int64_t regressed_issues = 0;
    std::int64_t fixed_issues = 0;
    std::int64_t waiting = 0;  ///< core dumps that wait for its bundle
    /// Devices that say they run it; empty: no device ever said.
    std::optional<std::int64_t> running;
    std::optional<std::int64_t> crash_free;  ///< how many of those never crashed with it
};

}  // namespace coredepot
