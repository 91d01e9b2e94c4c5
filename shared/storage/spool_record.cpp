#include "storage/spool_record.hpp"

#include "json.hpp"
#include "sha256.hpp"

namespace coredepot::storage {
namespace {

constexpr std::int64_t kRecordVersion = 1;

template <class Name>
std::optional<std::string> text_of(const std::optional<Name>& name) {
    if (!name) return std::nullopt;
    return name->str();
}

/// The member's text if it matches the rule.
template <class Name>
std::optional<Name> name_in(const json::Object& head, std::string_view member) {
    const auto text = head.string(member);
    return text ? Name::parse(*text) : std::nullopt;
}

/// For a member that may be null: false when it is there and does not match.
template <class Name>
bool read_nullable(const json::Object& head, std::string_view member, std::optional<Name>& name) {
    name = name_in<Name>(head, member);
    return name || head.is_null(member);
}

/// A moment in a year that fits the digits of a filename.
std::optional<Timestamp> moment_in(const json::Object& head, std::string_view member) {
    using namespace std::chrono;
    constexpr Timestamp kEnd{sys_days(year(10'000) / January / 1)};
    const auto count = head.integer(member);
    if (!count || *count < 0 || Timestamp(microseconds(*count)) >= kEnd) return std::nullopt;
    return Timestamp(microseconds(*count));
}

}  // namespace

std::string record_head(const UploadedDump& dump, Timestamp uploaded_at,
                        const std::optional<ModelCode>& model_code) {
    json::Writer head;
    head.begin_object()
        .member("spool", kRecordVersion)
        .member("device_key", dump.device.str())
        .member("model_code", text_of(model_code))
        .member("chip", dump.chip.str())
        .member("firmware_version", dump.firmware_version.str())
        .member("uploaded_at", uploaded_at.time_since_epoch().count())
        .member("idempotency_key", text_of(dump.idempotency_key))
        .member("size", dump.bytes.size())
        .member("sha256", dump.sha256)
        .end_object();
    return head.take();
}

std::string to_record(const UploadedDump& dump) {
    return record_head(dump, dump.uploaded_at, dump.model_code) + '\n' + dump.bytes;
}

std::optional<UploadedDump> parse_record(std::string_view record) {
    const auto end = record.substr(0, kMaxRecordHead).find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto head = json::Object::parse(record.substr(0, end));
    if (!head || head->integer("spool") != kRecordVersion) return std::nullopt;

    const auto bytes = record.substr(end + 1);
    if (bytes.empty() || bytes.size() > kMaxCoredumpBytes) return std::nullopt;
    if (head->integer("size") != static_cast<std::int64_t>(bytes.size())) return std::nullopt;
    const auto sha256 = sha256_hex(bytes);
    if (head->string("sha256") != sha256) return std::nullopt;

    const auto device = name_in<DeviceKey>(*head, "device_key");
    const auto chip = name_in<Chip>(*head, "chip");
    const auto version = name_in<FirmwareVersion>(*head, "firmware_version");
    const auto uploaded_at = moment_in(*head, "uploaded_at");
    std::optional<ModelCode> model_code;
    std::optional<IdempotencyKey> key;
    if (!device || !chip || !version || !uploaded_at) return std::nullopt;
    if (!read_nullable(*head, "model_code", model_code)) return std::nullopt;
    if (!read_nullable(*head, "idempotency_key", key)) return std::nullopt;
    return UploadedDump{*device,      model_code, *chip,  *version,
                        *uploaded_at, key,        sha256, std::string(bytes)};
}

}  // namespace coredepot::storage
