#include "signature_rules_json.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using Parsed = std::variant<SignatureRules, std::string>;

TEST(SignatureRulesJson, ComesBackAsItWas) {
    const SignatureRules rules{{"app_fatal", "a\"b<T>::c"}, {"app_log_"}};
    EXPECT_EQ(parse_signature_rules(to_json(rules)), Parsed(rules));
    EXPECT_EQ(to_json({}), R"({"skip":[],"prefixes":[]})");
}

TEST(SignatureRulesJson, SaysWhatIsWrong) {
    const auto fault = [](const char* json) {
        return std::get<std::string>(parse_signature_rules(json));
    };
    EXPECT_EQ(fault("[]"), "Signature rules must be a JSON object");
    EXPECT_EQ(fault(R"({"skip": []})"), "Missing required field: prefixes");
    EXPECT_EQ(fault(R"({"skip": [1], "prefixes": []})"), "skip must be an array of strings");
    EXPECT_EQ(fault(R"({"skip": [], "prefixes": "x"})"), "prefixes must be an array of strings");
    EXPECT_NE(fault(R"({"skip": [""], "prefixes": []})"), "");
}

}  // namespace
}  // namespace coredepot
