#include "parse_result_json.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(ParseResultJson, EndsAnObject) {
    EXPECT_EQ(parse_result_json("a \"b\"\n", R"({"chip": "esp32"})"),
              R"(,"parsed_output":"a \"b\"\n","report":{"chip": "esp32"}})");
    EXPECT_EQ(parse_result_json(std::nullopt, std::nullopt),
              R"(,"parsed_output":null,"report":null})");
}

}  // namespace
}  // namespace coredepot
