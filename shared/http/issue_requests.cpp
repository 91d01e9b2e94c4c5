#include "http/issue_requests.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "domain/time.hpp"
#include "http/json_body.hpp"
#include "text/integers.hpp"
#include "text/utf8.hpp"

namespace coredepot::http {
namespace {

/// More branches than anybody maintains.
constexpr std::size_t kMaxFixes = 50;
constexpr std::size_t kMaxUrl = 2'000;
/// The longest text in a filter; no longer text could match anything.
constexpr std::size_t kMaxText = 500;

[[noreturn]] void refuse(const std::string& what) {
    throw core::ValidationFailed(what);
}

bool is_id(std::int64_t number) {
    return number > 0;
}

bool is_url_character(char c) {
    return c > ' ' && c <= '~';
}

std::optional<std::string> optional_text(const Request& request, std::string_view parameter) {
    auto text = request.query.get(parameter);
    if (!text || (character_count(*text) <= kMaxText && is_storable(*text))) return text;
    refuse(std::string(parameter) + " must be text of at most 500 characters");
}

std::optional<Timestamp> optional_time(const Request& request, std::string_view parameter) {
    const auto text = request.query.get(parameter);
    if (!text) return std::nullopt;
    if (const auto time = from_iso8601(*text)) return time;
    refuse(std::string(parameter) + " must be a time, such as 2026-02-11T14:30:00Z");
}

/// A query parameter that is an integer of at least `least`.
std::optional<std::int64_t> optional_number(const Request& request, const char* parameter,
                                            std::int64_t least) {
    const auto number = optional_integer(request, parameter);
    if (!number || *number >= least) return number;
    refuse(std::string(parameter) + " must be at least " + std::to_string(least));
}

bool flag(const Request& request, std::string_view parameter) {
    const auto text = request.query.get(parameter);
    if (!text || *text == "false") return false;
    if (*text == "true") return true;
    refuse(std::string(parameter) + " must be true or false");
}

FirmwareVersion require_version(const std::string& text, const char* member) {
    if (auto version = FirmwareVersion::parse(text)) return *version;
    refuse(std::string(member) + " must be a firmware version");
}

IssueChange resolve(const json::Object& body) {
    IssueChange change;
    change.kind = IssueChange::Kind::Resolve;
    if (body.has("fixed_in") && !body.is_null("fixed_in")) {
        const auto versions = body.strings("fixed_in");
        if (!versions || versions->size() > kMaxFixes) {
            refuse("fixed_in must be an array of at most 50 versions");
        }
        for (const auto& text : *versions) {
            change.fixed_in.push_back(require_version(text, "fixed_in"));
        }
    }
    if (body.has("fixed_in_next")) {
        const auto next = body.boolean("fixed_in_next");
        if (!next) refuse("fixed_in_next must be true or false");
        change.fixed_in_next = *next;
    }
    if (change.fixed_in_next && !change.fixed_in.empty()) {
        refuse("fixed_in and fixed_in_next exclude each other");
    }
    return change;
}

/// How many more core dumps or devices: a positive number.
std::int64_t require_count(const json::Object& until, const char* member) {
    constexpr std::int64_t kMost = 1'000'000'000'000;
    const auto count = until.integer(member);
    if (count && *count > 0 && *count <= kMost) return *count;
    refuse(std::string(member) + " must be a positive integer");
}

MuteUntil read_until(const json::Object& until) {
    MuteUntil result;
    json::Writer writer;
    writer.begin_object();
    if (until.names().size() != 1) {
        refuse("until must have one of time, occurrences, devices and version_after");
    }
    if (const auto time = until.string("time")) {
        result.time = from_iso8601(*time);
        if (!result.time) refuse("time must be a time, such as 2026-02-11T14:30:00Z");
        if (*result.time <= now()) refuse("time must be in the future");
        writer.member("time", to_iso8601(*result.time));
    } else if (const auto version = until.string("version_after")) {
        result.version_after = require_version(*version, "version_after");
        writer.member("version_after", *version);
    } else if (until.has("occurrences")) {
        result.occurrences = require_count(until, "occurrences");
        writer.member("occurrences", *result.occurrences);
    } else if (until.has("devices")) {
        result.devices = require_count(until, "devices");
        writer.member("devices", *result.devices);
    } else {
        refuse("until must have one of time, occurrences, devices and version_after");
    }
    writer.end_object();
    result.json = writer.take();
    return result;
}

IssueChange mute(const json::Object& body) {
    IssueChange change;
    change.kind = IssueChange::Kind::Mute;
    if (!body.has("until") || body.is_null("until")) return change;
    const auto until = body.object("until");
    if (!until) refuse("until must be null or an object");
    change.until = read_until(*until);
    return change;
}

IssueChange link_ticket(const json::Object& body) {
    IssueChange change;
    change.kind = IssueChange::Kind::LinkTicket;
    change.ticket_url = nullable_string(body, "ticket_url");
    if (!change.ticket_url) return change;
    const auto& url = *change.ticket_url;
    const bool is_web = url.starts_with("https://") || url.starts_with("http://");
    if (!is_web || url.size() > kMaxUrl || !std::ranges::all_of(url, is_url_character)) {
        refuse("ticket_url must be a URL with http or https");
    }
    return change;
}

}  // namespace

IssueFilter issue_filter(const Request& request) {
    IssueFilter filter;
    filter.sort = request.query.get("sort").value_or(filter.sort);
    filter.state = request.query.get("state");
    filter.regressed = flag(request, "regressed");
    filter.still_seen = flag(request, "still_seen");
    filter.version = request.query.get("version");
    filter.kind = optional_text(request, "kind");
    filter.text = optional_text(request, "q");
    filter.function = optional_text(request, "function");
    filter.seen_after = optional_time(request, "seen_after");
    filter.min_devices = optional_number(request, "min_devices", 0);
    return filter;
}

db::CoredumpSearch::Filter coredump_filter(const Request& request) {
    db::CoredumpSearch::Filter filter;
    filter.device = optional_number(request, "device", 1);
    filter.version = request.query.get("version");
    filter.status = request.query.get("status");
    filter.from = optional_time(request, "from");
    filter.to = optional_time(request, "to");
    return filter;
}

IssueChange issue_change(const json::Object& body) {
    if (body.has("state") == body.has("ticket_url")) {
        refuse("The change must have either state or ticket_url");
    }
    if (body.has("ticket_url")) return link_ticket(body);
    const auto state = require_string(body, "state");
    if (state == "resolved") return resolve(body);
    if (state == "muted") return mute(body);
    if (state == "open") return {};
    refuse("state must be open, resolved or muted");
}

std::vector<std::int64_t> issue_ids(const json::Object& body) {
    auto ids = body.integers("ids");
    if (ids && std::ranges::all_of(*ids, is_id)) return *std::move(ids);
    refuse("ids must be an array of ids");
}

std::int64_t issue_to_merge_into(const json::Object& body) {
    const auto into = require_integer(body, "into");
    if (!is_id(into)) refuse("into must be the id of an issue");
    return into;
}

std::optional<std::int64_t> seen_revision(const Request& request) {
    if (!request.if_match || *request.if_match == "*") return std::nullopt;
    std::string_view tag = *request.if_match;
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
    }
    if (const auto revision = parse_integer(tag)) return revision;
    throw core::PreconditionFailed("If-Match must be the revision of the issue, in quotes");
}

}  // namespace coredepot::http
