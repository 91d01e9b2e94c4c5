#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "domain/signature_rules.hpp"
#include "json.hpp"

/// Signature rules as `{"skip": ["app_fatal"], "prefixes": ["app_log_"]}`. The API, the database,
/// and the file that the runner stages for the sidecar use this form.
namespace coredepot {

/// Returns the rules, or a sentence for the sender on what is wrong. Both members are required;
/// others are ignored.
std::variant<SignatureRules, std::string> parse_signature_rules(const json::Object& object);
std::variant<SignatureRules, std::string> parse_signature_rules(std::string_view json);

/// Writes the rules as one object.
void write(json::Writer& writer, const SignatureRules& rules);
std::string to_json(const SignatureRules& rules);

}  // namespace coredepot
