#include "http/json_body.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace coredepot::http {
namespace {

Request with_body(const std::string& text) {
    Request request;
    request.body = {text.size(),
                    [text, given = std::size_t{0}](char* target, std::size_t length) mutable {
                        const auto count = std::min(length, text.size() - given);
                        text.copy(target, count, given);
                        given += count;
                        return count;
                    }};
    return request;
}

json::Object object(const std::string& text) {
    return read_json(with_body(text));
}

template <class Function>
std::string refusal(const Function& function) {
    try {
        function();
    } catch (const core::ValidationFailed& error) {
        return error.what();
    }
    return "";
}

TEST(JsonBody, IsAnObject) {
    EXPECT_TRUE(object(R"({"a":1})").has("a"));
    for (const auto* text : {"", "[]", "{", "null"}) {
        EXPECT_EQ(refusal([&] { object(text); }), "The body must be a JSON object") << text;
    }
}

TEST(JsonBody, HasAtMost64KiB) {
    const auto sized = [](std::size_t size) {
        return R"({"a":")" + std::string(size - 8, 'x') + "\"}";
    };
    EXPECT_TRUE(object(sized(65'536)).has("a"));
    EXPECT_THROW(object(sized(65'537)), core::PayloadTooLarge);
}

TEST(JsonBody, RequiredMembers) {
    const auto body = object(R"({"text":"x","number":5,"null":null})");
    EXPECT_EQ(require_string(body, "text"), "x");
    EXPECT_EQ(require_integer(body, "number"), 5);
    EXPECT_EQ(refusal([&] { require_string(body, "code"); }), "Missing required field: code");
    EXPECT_EQ(refusal([&] { require_integer(body, "code"); }), "Missing required field: code");
    EXPECT_EQ(refusal([&] { require_string(body, "number"); }), "number must be a string");
    EXPECT_EQ(refusal([&] { require_integer(body, "text"); }), "text must be a whole number");
    EXPECT_EQ(refusal([&] { require_string(body, "null"); }), "null must be a string");
}

TEST(JsonBody, OptionalMembers) {
    const auto body = object(R"({"text":"x","number":5,"null":null})");
    EXPECT_EQ(optional_string(body, "text"), "x");
    EXPECT_EQ(optional_string(body, "null"), std::nullopt);
    EXPECT_EQ(optional_string(body, "missing"), std::nullopt);
    EXPECT_EQ(refusal([&] { optional_string(body, "number"); }), "number must be a string");
}

TEST(JsonBody, NullHasToBeMeant) {
    const auto body = object(R"({"text":"x","null":null})");
    EXPECT_EQ(nullable_string(body, "text"), "x");
    EXPECT_EQ(nullable_string(body, "null"), std::nullopt);
    EXPECT_EQ(refusal([&] { nullable_string(body, "name"); }), "Missing required field: name");
}

TEST(OptionalId, IsAWholeNumberOrAbsent) {
    const auto id = [](const std::string& query) {
        Request request;
        request.query = Query::parse(query);
        return optional_integer(request, "device_model_id");
    };
    EXPECT_EQ(id(""), std::nullopt);
    EXPECT_EQ(id("device_model_id=17"), 17);
    for (const auto* bad : {"", "x", "1x", " 1", "99999999999999999999", "1.5"}) {
        EXPECT_EQ(refusal([&] { id(std::string("device_model_id=") + bad); }),
                  "device_model_id must be a whole number")
            << bad;
    }
}

TEST(IdParameter, WhatIsNoNumberNamesNothing) {
    const auto id = [](const std::string& text) {
        Request request;
        request.path_parameters = {{"id", text}};
        return request.id_parameter("id", "Coredump");
    };
    EXPECT_EQ(id("17"), 17);
    EXPECT_EQ(id("9223372036854775807"), 9223372036854775807);
    for (const auto* bad :
         {"0", "-1", "x", "1x", " 1", "+1", "9223372036854775808", "..", "\xff"}) {
        EXPECT_THROW(id(bad), core::NotFound) << bad;
    }
}

TEST(IdParameter, AnEndlessOneIsNotRepeatedInFull) {
    Request request;
    request.path_parameters = {{"id", std::string(10'000, '9')}};
    try {
        request.id_parameter("id", "Coredump");
        FAIL();
    } catch (const core::NotFound& error) {
        EXPECT_EQ(error.what(), "Coredump " + std::string(64, '9') + " was not found");
    }
}

TEST(PathParameter, OneThatThePatternLacksIsAFaultOfOurs) {
    EXPECT_THROW(Request().path_parameter("id"), std::logic_error);
}

}  // namespace
}  // namespace coredepot::http
