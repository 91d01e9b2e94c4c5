#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "domain/signature_rules.hpp"
#include "json.hpp"

/// Signature rules as `{"skip": ["app_fatal"], "prefixes": ["app_log_"]}`: in the API, in the
/// database, and in the file that the runner stages for the sidecar.
namespace coredepot {

/// Or what is wrong with them, as a sentence for whoever sent them. Both members must be there;
/// others do not count.
std::variant<SignatureRules, std::string> parse_signature_rules(const json::Object& object);
std::variant<SignatureRules, std::string> parse_signature_rules(std::string_view json);

/// As an object of its own.
void write(json::Writer& writer, const SignatureRules& rules);
std::string to_json(const SignatureRules& rules);

}  // namespace coredepot
