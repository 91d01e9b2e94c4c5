#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/alert_targets.hpp"
#include "domain/alert.hpp"
#include "domain/page.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

/// The targets of alerts, for admins. All throw Refusal and db::Unavailable.
class AlertTargets {
  public:
    /// Without `wake_ups`, the runner's timer finds new messages.
    AlertTargets(db::AlertTargets& targets, std::optional<storage::WakeUps> wake_ups)
        : targets_(targets), wake_ups_(std::move(wake_ups)) {}

    std::vector<AlertTarget> list() { return targets_.list(); }
    AlertTarget find(std::int64_t id);
    /// Members that are not set get their defaults: all events of all models.
    AlertTarget create(AlertTargetChange target);
    AlertTarget change(std::int64_t id, AlertTargetChange change);
    void remove(std::int64_t id);
    /// Returns the ID of the test message, which is on its way.
    std::string test(std::int64_t id);
    Page<AlertDelivery, std::int64_t> deliveries(std::int64_t id,
                                                 const PageRequest<std::int64_t>& page);

    static constexpr std::int64_t kMost = 100;         ///< targets
    static constexpr std::size_t kMostModels = 100;    ///< in one target's filter
    static constexpr std::size_t kMostReceivers = 20;  ///< of one target that sends mail

  private:
    void check(AlertTargetChange& change, AlertKind kind);
    void call_runner() const;

    db::AlertTargets& targets_;
    std::optional<storage::WakeUps> wake_ups_;
};

}  // namespace coredepot::core
