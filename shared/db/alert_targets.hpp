#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/alert.hpp"

namespace coredepot::db {

/// Who is told of issues. All throw Unavailable.
class AlertTargets {
  public:
    explicit AlertTargets(Database& database) : database_(database) {}

    std::vector<AlertTarget> list();
    std::optional<AlertTarget> find(std::int64_t id);
    std::int64_t count();
    /// All of the change is set but the secret, which only webhooks have. The new one's id.
    std::int64_t insert(const AlertTargetChange& target);
    /// False: there is no such one. A new secret makes the present one the old one, which goes on
    /// being used for a day. What waits for another attempt is tried at once.
    bool change(std::int64_t id, const AlertTargetChange& change);
    bool remove(std::int64_t id);
    /// Makes a message that is sent whatever the target filters: its id. Empty: no such target.
    std::optional<std::string> test(std::int64_t id);
    /// Newest first; those before `before`, if that is set.
    std::vector<AlertDelivery> deliveries(std::int64_t id, std::optional<std::int64_t> before,
                                          std::int64_t most);
    /// Of these codes, those that no model has.
    std::vector<std::string> unknown_models(const std::vector<std::string>& codes);

  private:
    Database& database_;
};

/// Whether any target could not be told for a day, or is gone; empty: there is none.
std::optional<bool> do_alerts_fail(Database& database);

/// For /metrics.
AlertState alert_state(Database& database);

}  // namespace coredepot::db
