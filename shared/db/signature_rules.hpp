#pragma once

#include <cstdint>
#include <optional>

#include "db/database.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::db {

/// A model's stored rules.
struct KeptSignatureRules {
    SignatureRules rules;
    /// They were changed, and not all core dumps have been put back into the queue yet.
    bool requeueing = false;
};

/// The table `signature_rules`. All throw Unavailable.
class SignatureRulesTable {
  public:
    explicit SignatureRulesTable(Database& database) : database_(database) {}

    /// A model's rules; empty: it has none.
    std::optional<KeptSignatureRules> find(std::int64_t device_model_id);
    /// False when there is no such model. If the rules differ from the previous ones, requeue()
    /// will put the model's core dumps back into the queue.
    bool replace(std::int64_t device_model_id, const SignatureRules& rules);

    /// Puts core dumps of a few devices back into the queue whose model has changed its rules.
    /// False when there is nothing left to do.
    bool requeue();

  private:
    Database& database_;
};

}  // namespace coredepot::db
