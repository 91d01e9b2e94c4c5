#pragma once

#include <cstdint>
#include <optional>

#include "db/device_models.hpp"
#include "db/signature_rules.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

/// What the teams add to the rules that the crashes of their models get their signatures by. All
/// throw Refusal and db::Unavailable.
class ModelSignatureRules {
  public:
    /// Without `wake_ups` the runner's timer finds what waits.
    ModelSignatureRules(db::DeviceModels& models, db::SignatureRulesTable& table,
                        std::optional<storage::WakeUps> wake_ups)
        : models_(models), table_(table), wake_ups_(std::move(wake_ups)) {}

    db::KeptSignatureRules find(std::int64_t device_model_id);
    /// As they are afterwards. The model's core dumps are parsed again, if these are other rules
    /// than before: a signature by the old ones and one by the new ones are no longer of one bug.
    db::KeptSignatureRules replace(std::int64_t device_model_id, const SignatureRules& rules);

  private:
    db::DeviceModels& models_;
    db::SignatureRulesTable& table_;
    std::optional<storage::WakeUps> wake_ups_;
};

}  // namespace coredepot::core
