#include "auth/registered_clients.hpp"

#include "log.hpp"

namespace coredepot::auth {

std::optional<DeviceReference> RegisteredClients::find(const ClientId& client) {
    const auto found = known_.find(client.str());
    if (found != known_.end() && is_fresh(found->second)) return found->second.device;
    try {
        return ask(client);
    } catch (const std::exception& error) {
        const auto* known = remembered(client);
        if (known == nullptr) throw;
        log::warning("registry not available: using what we know about a device",
                     {{"device", known->device->key}, {"error", error.what()}});
        return known->device;
    }
}

bool RegisteredClients::is_fresh(const Known& known) const {
    const auto now = clock_();
    const std::chrono::seconds most = known.device ? kMaxAge : kMaxAgeOfNone;
    return known.checked_at <= now && now - known.checked_at < most;
}

std::optional<DeviceReference> RegisteredClients::ask(const ClientId& client) {
    auto device = registry_(client);
    const auto now = clock_();
    if (device) {
        table_.put(client, *device, now);
    } else {
        table_.remove(client);
    }
    remember(client, {device, now});
    return device;
}

/// A device that was ever known; null when there is none.
const RegisteredClients::Known* RegisteredClients::remembered(const ClientId& client) {
    auto found = known_.find(client.str());
    if (found == known_.end() || !found->second.device) {
        auto row = table_.find(client);
        if (!row) return nullptr;
        remember(client, {std::move(row->device), row->checked_at});
        found = known_.find(client.str());
    }
    return &found->second;
}

void RegisteredClients::remember(const ClientId& client, Known known) {
    // Drop all at once: devices that are still active come back soon.
    if (known_.size() >= kMost) known_.clear();
    known_.insert_or_assign(client.str(), std::move(known));
}

}  // namespace coredepot::auth
