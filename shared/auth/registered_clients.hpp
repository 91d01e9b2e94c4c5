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

/// The device with this client ID; empty when there is none. Throws when that cannot be found out.
using Registry = std::function<std::optional<DeviceReference>(const ClientId&)>;

/// Devices whose client IDs the issuer invented, according to the registry. An answer is reused for
/// kMaxAge, like the issuer's keys; "no such device" only for kMaxAgeOfNone, so that a newly
/// registered device is known soon. While the registry does not answer, a device that was ever
/// known on this machine stays known, and its core dumps go into the spool.
class RegisteredClients {
  public:
    RegisteredClients(Registry registry, const std::filesystem::path& cache_folder, Clock clock)
        : registry_(std::move(registry)), clock_(std::move(clock)), table_(cache_folder) {}

    /// Throws what the registry throws.
    std::optional<DeviceReference> find(const ClientId& client);

    static constexpr std::chrono::minutes kMaxAge{5};
    static constexpr std::chrono::seconds kMaxAgeOfNone{10};
    /// In memory, at about 500 bytes each.
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
