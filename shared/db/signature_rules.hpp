#pragma once

#include <cstdint>
#include <optional>

#include "db/database.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::db {

/// The rules of a model as they are kept.
struct KeptSignatureRules {
    SignatureRules rules;
    /// They were changed, and not all core dumps are back in the queue.
    bool requeueing = false;
};

/// The table `signature_rules`. All throw Unavailable.
class SignatureRulesTable {
  public:
    explicit SignatureRulesTable(Database& database) : database_(database) {}

    /// Those of a model; empty: it has none.
    std::optional<KeptSignatureRules> find(std::int64_t device_model_id);
    /// False when there is no such model. Has the model's core dumps put back into the queue, by
    /// requeue(), if these are others than before.
    bool replace(std::int64_t device_model_id, const SignatureRules& rules);

    /// Puts core dumps of a few devices back into the queue, whose model has changed its rules.
    /// False when there is nothing left to do.
    bool requeue();

  private:
    Database& database_;
};

}  // namespace coredepot::db
