#include "core/registry/model_signature_rules.hpp"

#include "core/errors.hpp"
#include "core/lookup.hpp"

namespace coredepot::core {

db::KeptSignatureRules ModelSignatureRules::find(std::int64_t device_model_id) {
    if (auto kept = table_.find(device_model_id)) return *std::move(kept);
    require_model(models_, device_model_id);
    return {};
}

db::KeptSignatureRules ModelSignatureRules::replace(std::int64_t device_model_id,
                                                    const SignatureRules& rules) {
    if (const auto fault = fault_of(rules); !fault.empty()) throw ValidationFailed(fault);
    if (!table_.replace(device_model_id, rules)) {
        throw NotFound("Device model", std::to_string(device_model_id));
    }
    if (wake_ups_) wake_ups_->want_parse();
    return find(device_model_id);
}

}  // namespace coredepot::core
