#include "core/alerts/targets.hpp"

#include <algorithm>
#include <set>

#include "core/alerts/address.hpp"
#include "core/errors.hpp"
#include "core/paging.hpp"
#include "domain/mail_address.hpp"
#include "domain/names.hpp"
#include "log.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

NotFound no_such_target(std::int64_t id) {
    return {"Alert target", std::to_string(id)};
}

/// Whether the text can stand in a list and in the subject of a mail.
bool is_name(const std::string& name) {
    constexpr std::size_t kLongest = 100;
    return !name.empty() && name.size() <= kLongest && to_visible(name, '\0') == name &&
           name.find('\0') == std::string::npos;
}

void check_address(AlertTargetChange& change, AlertKind kind) {
    if (kind == AlertKind::Mail) {
        const auto receivers = split_at_commas(*change.address);
        if (receivers.size() > AlertTargets::kMostReceivers ||
            !std::ranges::all_of(receivers, [](const auto& to) { return is_mail_address(to); })) {
            throw ValidationFailed("to must be an array of 1 to 20 mail addresses");
        }
        change.shown_address = change.address;
        return;
    }
    change.shown_address = shown_url(*change.address);
    if (!change.shown_address) {
        throw ValidationFailed("url must be a URL with http or https, without a user");
    }
}

void check_events(const std::vector<std::string>& events) {
    const std::set<std::string> different(events.begin(), events.end());
    if (events.empty() || different.size() < events.size() ||
        !std::ranges::all_of(events, [](const std::string& event) {
            return std::ranges::find(kAlertEvents, event) != kAlertEvents.end();
        })) {
        throw ValidationFailed(
            "events must be an array of issue.created, issue.regressed, issue.unmuted, "
            "issue.spike and digest, each at most once");
    }
}

}  // namespace

AlertTarget AlertTargets::find(std::int64_t id) {
    if (auto target = targets_.find(id)) return *target;
    throw no_such_target(id);
}

void AlertTargets::check(AlertTargetChange& change, AlertKind kind) {
    constexpr std::int64_t kMostDevices = 1'000'000'000;
    if (change.name && !is_name(*change.name)) {
        throw ValidationFailed("name must be text of 1 to 100 bytes");
    }
    if (change.address) check_address(change, kind);
    if (change.secret && kind != AlertKind::Webhook) {
        throw ValidationFailed("secret is for webhooks only");
    }
    if (change.secret && !is_webhook_secret(*change.secret)) {
        throw ValidationFailed("secret must be whsec_ and 24 to 64 bytes in base64");
    }
    if (change.events) check_events(*change.events);
    if (change.min_devices && (*change.min_devices < 0 || *change.min_devices > kMostDevices)) {
        throw ValidationFailed("min_devices must be 0 to 1000000000");
    }
    if (!change.models || !*change.models) return;
    const auto& codes = **change.models;
    if (codes.empty() || codes.size() > kMostModels ||
        !std::ranges::all_of(codes,
                             [](const auto& code) { return ModelCode::parse(code).has_value(); })) {
        throw ValidationFailed("models must be null or an array of 1 to 100 codes of models");
    }
    const auto unknown = targets_.unknown_models(codes);
    if (!unknown.empty()) throw ValidationFailed("There is no model " + unknown.front());
}

AlertTarget AlertTargets::create(AlertTargetChange target) {
    const auto kind = target.kind.value();
    if (kind == AlertKind::Webhook && !target.secret) {
        throw ValidationFailed("secret is required for a webhook");
    }
    if (!target.events) target.events.emplace(kAlertEvents.begin(), kAlertEvents.end() - 1);
    if (!target.models) target.models.emplace(std::nullopt);
    if (!target.min_devices) target.min_devices = 0;
    if (!target.enabled) target.enabled = true;
    check(target, kind);
    if (targets_.count() >= kMost) throw Conflict("add a target", "there are 100 already");
    const auto id = targets_.insert(target);
    log::info("an alert target was made", {{"target", id}});
    return find(id);
}

AlertTarget AlertTargets::change(std::int64_t id, AlertTargetChange change) {
    const auto kind = find(id).kind;
    if (change.kind && *change.kind != kind) throw ValidationFailed("kind cannot be changed");
    check(change, kind);
    if (!targets_.change(id, change)) throw no_such_target(id);
    call_runner();
    return find(id);
}

void AlertTargets::remove(std::int64_t id) {
    if (!targets_.remove(id)) throw no_such_target(id);
    log::info("an alert target was deleted", {{"target", id}});
}

std::string AlertTargets::test(std::int64_t id) {
    const auto message = targets_.test(id);
    if (!message) throw no_such_target(id);
    call_runner();
    return *message;
}

Page<AlertDelivery, std::int64_t> AlertTargets::deliveries(std::int64_t id,
                                                           const PageRequest<std::int64_t>& page) {
    find(id);
    const auto rows = page_rows(page.limit);
    return to_page(targets_.deliveries(id, page.after, rows + 1), rows,
                   [](const AlertDelivery& delivery) { return delivery.id; });
}

void AlertTargets::call_runner() const {
    if (wake_ups_) wake_ups_->want_alerts();
}

}  // namespace coredepot::core
