#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "auth/client_table.hpp"
#include "auth/issuer_answer.hpp"
#include "domain/device.hpp"

namespace coredepot::auth {

/// Which device has this client id; empty when none has. Throws when that cannot be found out.
using Registry = std::function<std::optional<DeviceReference>(const ClientId&)>;

/// Devices whose client ids the issuer made up, as the registry has them. What it says is gone by
/// for kMaxAge, like the issuer's keys; that there is no such device only for kMaxAgeOfNone, so
/// that one that was just registered is known soon. While the registry says nothing, a device that
/// was known on this machine goes on being known, however long ago that was: its core dumps go into
/// the spool.
class RegisteredClients {
  public:
    RegisteredClients(Registry registry, const std::filesystem::path& cache_folder, Clock clock)
        : registry_(std::move(registry)), clock_(std::move(clock)), table_(cache_folder) {}

    /// Throws what the registry throws.
    std::optional<DeviceReference> find(const ClientId& client);

    static constexpr std::chrono::minutes kMaxAge{5};
    static constexpr std::chrono::seconds kMaxAgeOfNone{10};
    /// In memory: some 500 bytes each.
    static constexpr std::size_t kMost = 1024;

  private:
    struct Known {
        std::optional<DeviceReference> device;
        Timestamp checked_at;
    };
    bool is_fresh(const Known& known) const;
    std::optional<DeviceReference> ask(const ClientId& client);
    const Known* remembered(const ClientId& client);
    void remember(const ClientId& client, Known known);

    Registry registry_;
    Clock clock_;
    ClientTable table_;
    std::unordered_map<std::string, Known> known_;
};

}  // namespace coredepot::auth
