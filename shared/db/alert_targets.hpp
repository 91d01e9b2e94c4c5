#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/alert.hpp"

namespace coredepot::db {

/// Who is told about issues. All throw Unavailable.
class AlertTargets {
  public:
    explicit AlertTargets(Database& database) : database_(database) {}

    std::vector<AlertTarget> list();
    std::optional<AlertTarget> find(std::int64_t id);
    std::int64_t count();
    /// Everything in the change must be set, except the secret, which only webhooks have. Returns
    /// the new ID.
    std::int64_t insert(const AlertTargetChange& target);
    /// False when there is no such target. A new secret replaces the current one, which stays valid
    /// for a day. Messages that wait for another attempt are tried at once.
    bool change(std::int64_t id, const AlertTargetChange& change);
    bool remove(std::int64_t id);
    /// Makes a test message, which ignores the target's filters. Returns its ID; empty: no such
    /// target.
    std::optional<std::string> test(std::int64_t id);
    /// Newest first; only those before `before`, if that is set.
    std::vector<AlertDelivery> deliveries(std::int64_t id, std::optional<std::int64_t> before,
                                          std::int64_t most);
    /// Those of `codes` that no model has.
    std::vector<std::string> unknown_models(const std::vector<std::string>& codes);

  private:
    Database& database_;
};

/// Whether a target could not be reached for a day, or is gone; empty: there are no targets.
std::optional<bool> do_alerts_fail(Database& database);

/// For /metrics.
AlertState alert_state(Database& database);

}  // namespace coredepot::db
