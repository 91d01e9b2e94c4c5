#include "http/issue_views.hpp"

#include <optional>
#include <string>

namespace coredepot::http {
namespace {

void write_summary_members(json::Writer& writer, const IssueSummary& issue) {
    writer.member("id", issue.id)
        .member("name", issue.name)
        .member("model", issue.model)
        .member("title", issue.title)
        .member("kind", issue.kind)
        .member("quality", issue.quality)
        .member("state", issue.state)
        .member("reason", issue.reason)
        .member("devices", issue.devices)
        .member("occurrences", issue.occurrences)
        .member("kept", issue.kept)
        .member("unverified", issue.unverified)
        .member("first_seen", to_iso8601(issue.first_seen))
        .member("last_seen", to_iso8601(issue.last_seen))
        .member("first_version", issue.first_version)
        .member("last_version", issue.last_version);
    writer.key("fixed_in").raw_value(issue.fixed_in);
    writer.member("fixed_in_next", issue.fixed_in_next).member("regressed_in", issue.regressed_in);
    writer.key("sparkline").raw_value(issue.sparkline);
    writer.member("revision", issue.revision);
}

}  // namespace

void write(json::Writer& writer, const IssueSummary& issue) {
    writer.begin_object();
    write_summary_members(writer, issue);
    writer.end_object();
}

void write(json::Writer& writer, const IssueDetail& issue) {
    writer.begin_object();
    write_summary_members(writer, issue.summary);
    writer.key("signatures").begin_array();
    for (const auto& signature : issue.signatures) {
        writer.begin_object()
            .member("signature", signature.signature)
            .member("title", signature.title);
        writer.key("functions").raw_value(signature.functions);
        writer.member("quality", signature.quality)
            .member("occurrences", signature.occurrences)
            .end_object();
    }
    writer.end_array();
    writer.key("mute").raw_value(issue.mute.value_or("null"));
    writer.member("ticket_url", issue.ticket_url).member("merged_into", issue.merged_into);
    writer.key("elsewhere").raw_value(issue.elsewhere);
    writer.end_object();
}

void write(json::Writer& writer, const IssueVersion& version) {
    writer.begin_object()
        .member("version", version.version)
        .member("devices", version.devices)
        .member("occurrences", version.occurrences)
        .end_object();
}

void write(json::Writer& writer, const IssueDevice& device) {
    writer.begin_object()
        .member("id", device.id)
        .member("key", device.key)
        .member("occurrences", device.occurrences)
        .member("last_seen", to_iso8601(device.last_seen))
        .end_object();
}

void write(json::Writer& writer, const IssueEvent& event) {
    writer.begin_object().member("at", to_iso8601(event.at)).member("event", event.event);
    writer.key("by");
    if (event.by_subject) {
        writer.begin_object()
            .member("sub", event.by_subject)
            .member("name", event.by_name)
            .end_object();
    } else {
        writer.value(std::nullopt);
    }
    writer.member("version", event.version)
        .member("coredump_id", event.coredump_id)
        .member("comment", event.comment)
        .end_object();
}

void write(json::Writer& writer, const IssueSeries& series) {
    writer.begin_object();
    writer.key("hours").raw_value(series.hours);
    writer.key("days").raw_value(series.days);
    writer.end_object();
}

void write(json::Writer& writer, const ModelVersion& version) {
    writer.begin_object()
        .member("version", version.version)
        .member("uploaded_at", to_iso8601(version.uploaded_at))
        .member("devices", version.devices)
        .member("occurrences", version.occurrences)
        .member("new_issues", version.new_issues)
        .member("regressed_issues", version.regressed_issues)
        .member("fixed_issues", version.fixed_issues)
        .member("waiting", version.waiting)
        .member("running", version.running)
        .member("crash_free", version.crash_free)
        .end_object();
}

Response to_response(int status, const IssueDetail& issue) {
    json::Writer writer;
    write(writer, issue);
    auto response = json_response(status, writer);
    response.headers.emplace_back("ETag", '"' + std::to_string(issue.summary.revision) + '"');
    return response;
}

}  // namespace coredepot::http
