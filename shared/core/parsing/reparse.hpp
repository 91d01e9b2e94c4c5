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

/// Has core dumps parsed again, from the beginning: what was found out about them is forgotten. All
/// throw Refusal and db::Unavailable.
class Reparse {
  public:
    /// Without `wake_ups` the runner's timer finds what waits.
    Reparse(db::Devices& devices, db::DeviceModels& models, db::Coredumps& coredumps,
            db::Requeue& requeue, std::optional<storage::WakeUps> wake_ups)
        : devices_(devices),
          models_(models),
          coredumps_(coredumps),
          requeue_(requeue),
          wake_ups_(std::move(wake_ups)) {}

    /// As it is afterwards. Conflict when retention gave its file up: then its result stays.
    CoredumpDetail one(std::int64_t device_id, std::int64_t id);

    /// What a client named; all of it has to be true of a core dump.
    struct Choice {
        std::optional<std::string> status;   ///< `PENDING`, `PARSED` or `ERROR`
        std::optional<std::string> model;    ///< its code
        std::optional<std::string> version;  ///< of the firmware
    };
    /// Returns how many, without those whose files retention gave up. ValidationFailed when nothing
    /// is named: all core dumps that there are should not be a slip of the keyboard.
    std::int64_t all(const Choice& choice);

  private:
    db::Devices& devices_;
    db::DeviceModels& models_;
    db::Coredumps& coredumps_;
    db::Requeue& requeue_;
    std::optional<storage::WakeUps> wake_ups_;
};

}  // namespace coredepot::core
