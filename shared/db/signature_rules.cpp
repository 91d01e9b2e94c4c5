#include "db/signature_rules.hpp"

#include <stdexcept>

#include "db/session.hpp"
#include "signature_rules_json.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kFindRules{"signature_rules", R"(
    SELECT rules::text, requeued_to IS NOT NULL FROM signature_rules WHERE device_model_id = $1)"};

constexpr Statement kReplaceRules{"replace_signature_rules", R"(
    SELECT replace_signature_rules($1, $2::jsonb))"};

constexpr Statement kRequeue{"requeue_for_changed_rules", "SELECT requeue_for_changed_rules()"};

}  // namespace

std::optional<KeptSignatureRules> SignatureRulesTable::find(std::int64_t device_model_id) {
    const auto rows = database_.session().execute(kFindRules, device_model_id);
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    auto rules = parse_signature_rules(fields.text());
    if (auto* fault = std::get_if<std::string>(&rules)) throw std::logic_error(*fault);
    return KeptSignatureRules{std::get<SignatureRules>(std::move(rules)), fields.truth()};
}

bool SignatureRulesTable::replace(std::int64_t device_model_id, const SignatureRules& rules) {
    return Fields(database_.session().execute(kReplaceRules, device_model_id, to_json(rules))[0])
        .truth();
}

bool SignatureRulesTable::requeue() {
    return Fields(database_.session().execute(kRequeue)[0]).truth();
}

}  // namespace coredepot::db
