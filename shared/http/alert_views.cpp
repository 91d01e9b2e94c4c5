#include "http/alert_views.hpp"

#include <optional>

#include "domain/mail_address.hpp"

namespace coredepot::http {
namespace {

/// The target's state. `off`: a person has switched it off; `gone`: it answered that it no longer
/// exists.
const char* state_of(const AlertTarget& target) {
    if (target.switched_off) return "gone";
    if (!target.enabled) return "off";
    return target.failing_since ? "failing" : "ok";
}

void write_receivers(json::Writer& writer, const AlertTarget& target) {
    const bool is_mail = target.kind == AlertKind::Mail;
    writer.key("address");
    if (is_mail) {
        writer.value(std::nullopt);
    } else {
        writer.value(target.address);
    }
    writer.key("to");
    if (!is_mail) {
        writer.value(std::nullopt);
        return;
    }
    writer.begin_array();
    for (const auto& receiver : split_at_commas(target.address)) writer.value(receiver);
    writer.end_array();
}

}  // namespace

void write(json::Writer& writer, const AlertTarget& target) {
    writer.begin_object()
        .member("id", target.id)
        .member("name", target.name)
        .member("kind", name_of(target.kind));
    write_receivers(writer, target);
    writer.key("events").raw_value(target.events);
    writer.key("models").raw_value(target.models.value_or("null"));
    const int secrets = target.kind != AlertKind::Webhook ? 0 : (target.is_rotating ? 2 : 1);
    writer.member("min_devices", target.min_devices)
        .member("enabled", target.enabled)
        .member("state", state_of(target))
        .member("secrets", secrets)
        .member("waiting", target.waiting)
        .member("failing_since", to_iso8601(target.failing_since))
        .member("last_error", target.last_error)
        .member("last_delivered_at", to_iso8601(target.last_delivered_at))
        .member("created_at", to_iso8601(target.created_at))
        .end_object();
}

void write(json::Writer& writer, const AlertDelivery& delivery) {
    writer.begin_object()
        .member("id", delivery.id)
        .member("at", to_iso8601(delivery.at))
        .member("message", delivery.message)
        .member("event", delivery.event);
    writer.key("issues").raw_value(delivery.issues);
    writer.member("attempt", delivery.attempt)
        .member("outcome", delivery.outcome)
        .member("status", delivery.status)
        .member("ms", delivery.ms)
        .member("error", delivery.error)
        .member("answer", delivery.answer)
        .end_object();
}

}  // namespace coredepot::http
