#include "core/parsing/reparse.hpp"

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "log.hpp"

namespace coredepot::core {
namespace {

ParseStatus require_status(const std::string& text) {
    for (const auto status : {ParseStatus::Pending, ParseStatus::Parsed, ParseStatus::Error}) {
        if (to_string(status) == text) return status;
    }
    throw ValidationFailed("status must be PENDING, PARSED or ERROR");
}

FirmwareVersion require_version(const std::string& text) {
    if (auto version = FirmwareVersion::parse(text)) return *version;
    throw ValidationFailed("version must be a firmware version");
}

}  // namespace

CoredumpDetail Reparse::one(std::int64_t device_id, std::int64_t id) {
    require_device(devices_, device_id);
    if (auto coredump = requeue_.one(device_id, id)) {
        if (wake_ups_) wake_ups_->want_parse();
        return std::move(*coredump);
    }
    if (const auto coredump = coredumps_.find(device_id, id)) {
        // Its report stays as it is.
        if (const auto at = coredump->summary.file_expired_at) {
            throw Conflict("parse coredump " + std::to_string(id) + " again",
                           "its file expired at " + to_iso8601(*at) + " to make room for others");
        }
    }
    throw NotFound("Coredump", std::to_string(id));
}

std::int64_t Reparse::all(const Choice& choice) {
    db::CoredumpFilter filter;
    if (choice.status) filter.status = require_status(*choice.status);
    if (choice.version) filter.firmware_version = require_version(*choice.version);
    if (choice.model) filter.device_model_id = require_model(models_, *choice.model).id;
    if (!choice.status && !choice.model && !choice.version) {
        throw ValidationFailed("At least one of status, model and version is required");
    }
    const auto count = requeue_.matching(filter);
    if (count > 0 && wake_ups_) wake_ups_->want_parse();
    log::info("core dumps are to be parsed again", {{"status", choice.status.value_or("any")},
                                                    {"model", choice.model.value_or("any")},
                                                    {"version", choice.version.value_or("any")},
                                                    {"count", count}});
    return count;
}

}  // namespace coredepot::core
