#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/coredumps.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "db/requeue.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

/// Has core dumps parsed again from the start. Their previous results are forgotten. All throw
/// Refusal and db::Unavailable.
class Reparse {
  public:
    /// Without `wake_ups`, the runner's timer finds them.
    Reparse(db::Devices& devices, db::DeviceModels& models, db::Coredumps& coredumps,
            db::Requeue& requeue, std::optional<storage::WakeUps> wake_ups)
        : devices_(devices),
          models_(models),
          coredumps_(coredumps),
          requeue_(requeue),
          wake_ups_(std::move(wake_ups)) {}

    /// Returns it as it went into the queue. Throws Conflict when retention has removed its file;
    /// then its result stays.
    CoredumpDetail one(std::int64_t device_id, std::int64_t id);

    /// The conditions that a client named. A core dump must meet them all.
    struct Choice {
        std::optional<std::string> status;   ///< `PENDING`, `PARSED` or `ERROR`
        std::optional<std::string> model;    ///< its code
        std::optional<std::string> version;  ///< of the firmware
    };
    /// Returns how many there were, without those whose files retention has removed. Throws
    /// ValidationFailed when there is no condition, because a slip of the keyboard must not select
    /// all core dumps.
    std::int64_t all(const Choice& choice);

  private:
    db::Devices& devices_;
    db::DeviceModels& models_;
    db::Coredumps& coredumps_;
    db::Requeue& requeue_;
    std::optional<storage::WakeUps> wake_ups_;
};

}  // namespace coredepot::core
