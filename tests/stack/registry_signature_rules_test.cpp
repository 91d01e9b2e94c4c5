// The signature rules of a model, over HTTP.

#include <gtest/gtest.h>

#include "registry.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

std::string path_of(const FleetModel& model) {
    return model.path() + "/signature-rules";
}

TEST(SignatureRules, AreReplaced) {
    const auto model = make_model();
    const auto none = get(path_of(model));
    ASSERT_EQ(none.status, 200) << none;
    EXPECT_EQ(none.json().at("rules").at("skip").size(), 0U);
    const auto response =
        put(path_of(model), R"({"skip": ["app_fatal"], "prefixes": ["app_log_"], "more": 1})");
    ASSERT_EQ(response.status, 200) << response;
    for (const auto& answer : {response, get(path_of(model))}) {
        const auto rules = answer.json().at("rules");
        EXPECT_EQ(rules.at("skip").at(0).text(), "app_fatal");
        EXPECT_EQ(rules.at("prefixes").at(0).text(), "app_log_");
    }
    EXPECT_EQ(put(path_of(model), R"({"skip": [], "prefixes": []})").status, 200);
    EXPECT_EQ(get(path_of(model)).json().at("rules").at("skip").size(), 0U);
}

TEST(SignatureRules, BadOnesAreRefusedAndChangeNothing) {
    const auto model = make_model();
    put(path_of(model), R"({"skip": ["app_fatal"], "prefixes": []})");
    std::string many = R"("f")";
    for (int i = 0; i < 200; ++i) many += R"(, "f")";
    for (const std::string& body :
         {std::string("[]"), std::string("{}"), std::string(R"({"skip": []})"),
          std::string(R"({"skip": [1], "prefixes": []})"),
          std::string(R"({"skip": "f", "prefixes": []})"),
          std::string(R"({"skip": [""], "prefixes": []})"),
          std::string(R"({"skip": ["a\u0000b"], "prefixes": []})"),
          std::string(R"({"skip": ["\ud800"], "prefixes": []})"),
          R"({"prefixes": [], "skip": [)" + many + "]}",
          R"({"prefixes": [], "skip": [")" + std::string(201, 'x') + R"("]})"}) {
        EXPECT_TRUE(is_error(put(path_of(model), body), 400, "VALIDATION_FAILED")) << body;
    }
    EXPECT_EQ(get(path_of(model)).json().at("rules").at("skip").size(), 1U);
}

TEST(SignatureRules, OfAModelThatIsNotThere) {
    const auto id = make_model().id + 1'000'000;
    const auto path = std::string(kModels) + '/' + std::to_string(id) + "/signature-rules";
    const auto text = not_found("Device model", id);
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(
        is_error(put(path, R"({"skip": [], "prefixes": []})"), 404, "RECORD_NOT_FOUND", text));
    EXPECT_EQ(del(path).status, 405);
}

}  // namespace
