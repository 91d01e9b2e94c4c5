#include "http/alert_requests.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "http/json_body.hpp"
#include "text/utf8.hpp"

namespace coredepot::http {
namespace {

[[noreturn]] void refuse_target(const std::string& what) {
    throw core::ValidationFailed(what);
}

std::optional<std::string> text_member(const json::Object& body, const char* member) {
    if (!body.has(member)) return std::nullopt;
    auto value = require_string(body, member);
    if (!is_storable(value)) refuse_target(std::string(member) + " must be text");
    return value;
}

std::optional<std::vector<std::string>> texts_member(const json::Object& body, const char* member) {
    if (!body.has(member)) return std::nullopt;
    auto values = body.strings(member);
    if (values && std::ranges::all_of(*values, is_storable)) return values;
    refuse_target(std::string(member) + " must be an array of strings");
}

std::string joined(const std::vector<std::string>& receivers) {
    std::string all;
    for (const auto& receiver : receivers) {
        if (receiver.find(',') != std::string::npos)
            refuse_target("to must be an array of mail addresses");
        all += (all.empty() ? "" : ",") + receiver;
    }
    return all;
}

}  // namespace

AlertTargetChange alert_target_change(const json::Object& body) {
    AlertTargetChange change;
    change.name = text_member(body, "name");
    change.secret = text_member(body, "secret");
    change.address = text_member(body, "url");
    if (const auto receivers = texts_member(body, "to")) {
        if (change.address) refuse_target("url and to exclude each other");
        change.address = joined(*receivers);
    }
    change.events = texts_member(body, "events");
    if (body.has("models")) {
        change.models = body.is_null("models") ? std::nullopt : texts_member(body, "models");
    }
    if (body.has("min_devices")) change.min_devices = require_integer(body, "min_devices");
    if (body.has("enabled")) {
        change.enabled = body.boolean("enabled");
        if (!change.enabled) refuse_target("enabled must be true or false");
    }
    if (body.has("kind")) {
        change.kind = alert_kind(require_string(body, "kind"));
        if (!change.kind) refuse_target("kind must be webhook, slack or mail");
    }
    return change;
}

AlertTargetChange new_alert_target(const json::Object& body) {
    require_string(body, "name");
    require_string(body, "kind");
    auto target = alert_target_change(body);
    const bool is_mail = target.kind == AlertKind::Mail;
    const auto* const member = is_mail ? "to" : "url";
    if (!body.has(member)) refuse_target(std::string("Missing required field: ") + member);
    return target;
}

}  // namespace coredepot::http
