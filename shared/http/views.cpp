#include "http/views.hpp"

#include <optional>
#include <string>
#include <utility>

#include "gzip.hpp"
#include "parse_result_json.hpp"

namespace coredepot::http {
namespace {

std::optional<std::string> text(const std::optional<FirmwareVersion>& version) {
    if (!version) return std::nullopt;
    return version->str();
}

void write_summary_members(json::Writer& writer, const CoredumpSummary& coredump) {
    writer.member("id", coredump.id)
        .member("device_id", coredump.device_id)
        .member("filename", coredump.filename.str())
        .member("chip", coredump.chip)
        .member("firmware_version", coredump.firmware_version)
        .member("size", coredump.size)
        .member("parse_status", to_string(coredump.parse_status))
        .member("uploaded_at", to_iso8601(coredump.uploaded_at))
        .member("parsed_at", to_iso8601(coredump.parsed_at))
        .member("created_at", to_iso8601(coredump.created_at))
        .member("signature", coredump.signature)
        .member("title", coredump.title)
        .member("attempts", coredump.attempts)
        .member("next_attempt_at", to_iso8601(coredump.next_attempt_at))
        .member("file_expired_at", to_iso8601(coredump.file_expired_at));
}

void write_lease(json::Writer& writer, const std::optional<Lease>& lease) {
    writer.key("lease");
    if (!lease) {
        writer.value(std::nullopt);
        return;
    }
    writer.begin_object()
        .member("holder", lease->holder)
        .member("ends_at", to_iso8601(lease->ends_at))
        .end_object();
}

/// Everything up to parse_result_json(), which completes it.
std::string detail_without_result(const CoredumpDetail& coredump) {
    json::Writer writer;
    writer.begin_object();
    write_summary_members(writer, coredump.summary);
    writer.member("updated_at", to_iso8601(coredump.updated_at))
        .member("last_error", coredump.last_error);
    write_lease(writer, coredump.lease);
    writer.member("decoded_version", coredump.decoded_version).key("issue");
    if (coredump.issue) {
        writer.begin_object()
            .member("id", coredump.issue->id)
            .member("name", coredump.issue->name)
            .end_object();
    } else {
        writer.value(std::nullopt);
    }
    return writer.take();
}

}  // namespace

void write(json::Writer& writer, const CoredumpSummary& coredump) {
    writer.begin_object();
    write_summary_members(writer, coredump);
    writer.end_object();
}

Response to_response(const CoredumpDetail& coredump) {
    auto head = detail_without_result(coredump);
    if (!coredump.packed) {
        head += parse_result_json(coredump.parsed_output, coredump.report);
        return {200, {{"Content-Type", "application/json"}}, std::move(head)};
    }
    return {200,
            {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}},
            gzip_behind(head, *coredump.packed)};
}

void write(json::Writer& writer, const DeviceModel& model) {
    writer.begin_object().member("id", model.id).member("code", model.code.str());
    writer.member("name", model.name)
        .member("firmware_version", text(model.firmware_version))
        .member("device_count", model.device_count)
        .end_object();
}

void write(json::Writer& writer, const Device& device) {
    writer.begin_object()
        .member("id", device.id)
        .member("key", device.key.str())
        .member("device_model_id", device.device_model_id)
        .member("device_name", device.device_name)
        .member("last_coredump_at", to_iso8601(device.last_coredump_at))
        .member("client_id", client_id(device))
        .member("running_version", text(device.running_version))
        .member("running_seen_at", to_iso8601(device.running_seen_at))
        .end_object();
}

}  // namespace coredepot::http
