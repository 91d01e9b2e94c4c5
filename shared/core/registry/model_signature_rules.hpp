#pragma once

#include <cstdint>
#include <optional>

#include "db/device_models.hpp"
#include "db/signature_rules.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

/// The rules that teams add for the signatures of their models' crashes. All throw Refusal and
/// db::Unavailable.
class ModelSignatureRules {
  public:
    /// Without `wake_ups`, the runner's timer finds the core dumps to parse.
    ModelSignatureRules(db::DeviceModels& models, db::SignatureRulesTable& table,
                        std::optional<storage::WakeUps> wake_ups)
        : models_(models), table_(table), wake_ups_(std::move(wake_ups)) {}

    db::KeptSignatureRules find(std::int64_t device_model_id);
    /// Returns the rules after the change. If they have changed, the model's core dumps are parsed
    /// again, because signatures by the old and by the new rules cannot be compared.
    db::KeptSignatureRules replace(std::int64_t device_model_id, const SignatureRules& rules);

  private:
    db::DeviceModels& models_;
    db::SignatureRulesTable& table_;
    std::optional<storage::WakeUps> wake_ups_;
};

}  // namespace coredepot::core
