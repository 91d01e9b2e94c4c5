#include "signature_rules_json.hpp"

#include <utility>

namespace coredepot {

std::variant<SignatureRules, std::string> parse_signature_rules(const json::Object& object) {
    for (const auto* member : {"skip", "prefixes"}) {
        if (!object.has(member)) return std::string("Missing required field: ") + member;
        if (!object.strings(member)) return std::string(member) + " must be an array of strings";
    }
    SignatureRules rules{*object.strings("skip"), *object.strings("prefixes")};
    if (auto fault = fault_of(rules); !fault.empty()) return fault;
    return rules;
}

std::variant<SignatureRules, std::string> parse_signature_rules(std::string_view json) {
    const auto object = json::Object::parse(json);
    if (!object) return "Signature rules must be a JSON object";
    return parse_signature_rules(*object);
}

void write(json::Writer& writer, const SignatureRules& rules) {
    writer.begin_object().key("skip").begin_array();
    for (const auto& function : rules.skip) writer.value(function);
    writer.end_array().key("prefixes").begin_array();
    for (const auto& prefix : rules.prefixes) writer.value(prefix);
    writer.end_array().end_object();
}

std::string to_json(const SignatureRules& rules) {
    json::Writer writer;
    write(writer, rules);
    return writer.take();
}

}  // namespace coredepot
