#pragma once

#include <functional>
#include <optional>
#include <string>

#include "config.hpp"
#include "db/alert_outbox.hpp"
#include "domain/alert.hpp"
#include "net/delivery.hpp"

namespace coredepot::core {

/// Decides what an answer means. `jitter` is from 0 to 1.
AlertAttempt judge_answer(const AlertClaim& claim, const net::DeliveryAnswer& answer,
                          double jitter);

/// Delivers alerts, one message after the other.
class AlertRunner {
  public:
    AlertRunner(db::AlertOutbox& outbox, const Config& config) : outbox_(outbox), config_(config) {}

    /// Sends the next message that is due; false when there is none. Throws db::Unavailable.
    bool deliver_one();

  private:
    net::DeliveryAnswer send(const AlertClaim& claim) const;
    net::DeliveryAnswer send_by_mail(const AlertClaim& claim) const;

    db::AlertOutbox& outbox_;
    const Config& config_;
};

}  // namespace coredepot::core
