#include "json.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace coredepot::json {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
    Writer writer;
    writer.value(text);
    return writer.take();
}

TEST(JsonWriter, MembersOfEveryType) {
    Writer writer;
    writer.begin_object()
        .member("text", "a")
        .member("string", "b"s)
        .member("yes", true)
        .member("number", 7)
        .member("none", std::nullopt)
        .member("maybe", std::optional<std::string>("c"))
        .member("nothing", std::optional<std::string>())
        .key("list")
        .begin_array()
        .value(1)
        .value("two")
        .end_array()
        .end_object();
    EXPECT_EQ(writer.take(),
              R"({"text":"a","string":"b","yes":true,"number":7,"none":null,"maybe":"c",)"
              R"("nothing":null,"list":[1,"two"]})");
}

TEST(JsonWriter, IntegersHave64Bits) {
    Writer writer;
    writer.begin_array()
        .value(std::numeric_limits<std::int64_t>::min())
        .value(std::numeric_limits<std::int64_t>::max())
        .end_array();
    EXPECT_EQ(writer.take(), "[-9223372036854775808,9223372036854775807]");
}

TEST(JsonWriter, EscapesWhatJsonMustEscape) {
    EXPECT_EQ(written("\"\\/\b\f\n\r\t\x01"), R"("\"\\/\b\f\n\r\t\u0001")");
    EXPECT_EQ(written("a\0b"s), R"("a\u0000b")");
}

// Some writers look at several bytes at a time.
TEST(JsonWriter, EscapesWhereverItStands) {
    for (const std::size_t length : {1U, 7U, 8U, 9U, 16U, 25U}) {
        for (std::size_t at = 0; at < length; ++at) {
            for (const auto& [raw, escaped] :
                 {std::pair('"', "\\\""), std::pair('\\', "\\\\"), std::pair('\x1f', "\\u001F"),
                  std::pair('\n', "\\n")}) {
                std::string text(length, '!');  // next to the quotation mark
                text[at] = raw;
                auto expected = std::string(length, '!');
                EXPECT_EQ(written(text), '"' + expected.replace(at, 1, escaped) + '"');
            }
            std::string plain(length, '[');  // next to the backslash
            plain.replace(at, 1, "\xe2\x82\xac ]#\x7f");
            EXPECT_EQ(written(plain), '"' + plain + '"');
        }
    }
}

TEST(JsonWriter, KeepsUtf8AndReplacesTheRest) {
    EXPECT_EQ(written("\xe2\x82\xac"), "\"\xe2\x82\xac\"");
    EXPECT_EQ(written("a\xff"), "\"a\xef\xbf\xbd\"");
    EXPECT_EQ(written("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonWriter, WhatItWritesCanBeRead) {
    const auto text = "quote \" slash \\ nul \0 euro \xe2\x82\xac bad \xff"s;
    Writer writer;
    writer.begin_object().member("text", text).end_object();
    const auto object = Object::parse(writer.take());
    ASSERT_TRUE(object);
    EXPECT_EQ(object->string("text"),
              "quote \" slash \\ nul \0 euro \xe2\x82\xac bad \xef\xbf\xbd"s);
}

TEST(JsonObject, ReadsByNameAndType) {
    const auto object =
        Object::parse(R"( {"s": "x", "i": -5, "f": 1.5, "n": null, "o": {}, "e": ""} )");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->string("s"), "x");
    EXPECT_EQ(object->string("e"), "");
    EXPECT_EQ(object->integer("i"), -5);
    EXPECT_FALSE(object->integer("s"));
    EXPECT_FALSE(object->integer("f"));
    EXPECT_FALSE(object->string("i"));
    EXPECT_FALSE(object->string("missing"));
    EXPECT_FALSE(object->integer("missing"));
    EXPECT_TRUE(object->has("n"));
    EXPECT_TRUE(object->is_null("n"));
    EXPECT_FALSE(object->is_null("s"));
    EXPECT_FALSE(object->is_null("missing"));
    EXPECT_FALSE(object->has("missing"));
    EXPECT_FALSE(object->has(""));
}

// A client's name is refused for it, a sidecar's text is mended.
TEST(JsonObject, HalfASurrogatePairIsHandedOnAsItIs) {
    const auto object = Object::parse(R"({"low": "a\ude00b", "pair": "\ud83d\ude00"})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->string("low"),
              "a\xed\xb8\x80"
              "b");
    EXPECT_EQ(object->string("pair"), "\xf0\x9f\x98\x80");
}

TEST(JsonObject, IntegersBeyond64BitsAreNone) {
    const auto object = Object::parse(
        R"({"most": 9223372036854775807, "more": 9223372036854775808, "least": -9223372036854775808,
            "less": -9223372036854775809})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->integer("most"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(object->integer("least"), std::numeric_limits<std::int64_t>::min());
    EXPECT_FALSE(object->integer("more"));
    EXPECT_FALSE(object->integer("less"));
}

// Languages without integers write them so.
TEST(JsonObject, IntegersMayComeAsOtherNumbers) {
    const auto object = Object::parse(
        R"({"point": 68066.0, "exponent": 1.7e1, "minus": -0.0, "most": 900719925474098.0,
            "more": 9007199254740993.0, "less": -9007199254740993.0, "huge": 1e300, "half": 0.5,
            "tiny": 1e-300, "id": 9007199254740993})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->integer("point"), 68'066);
    EXPECT_EQ(object->integer("exponent"), 17);
    EXPECT_EQ(object->integer("minus"), 0);
    EXPECT_EQ(object->integer("most"), 900'719'925'474'098);
    EXPECT_EQ(object->integer("id"), 9'007'199'254'740'993);
    for (const auto* name : {"more", "less", "huge", "half", "tiny"}) {
        EXPECT_FALSE(object->integer(name)) << name;
    }
}

TEST(JsonObject, TextMayHoldANul) {
    const auto object = Object::parse(R"({"a\u0000b": "x\u0000y"})");
    ASSERT_TRUE(object);
    EXPECT_FALSE(object->has("a"));
    EXPECT_EQ(object->string("a\0b"s), "x\0y"s);
}

void expect_fault(std::string_view text, Object::Fault expected) {
    auto fault = Object::Fault{};
    EXPECT_FALSE(Object::parse(text, &fault)) << text;
    EXPECT_EQ(fault, expected) << text;
    EXPECT_FALSE(Object::parse(text)) << text;
}

TEST(JsonObject, OtherJsonIsNoObject) {
    for (const auto* text : {"[]", "[{}]", "1", "\"x\"", "null", "true", " 1.5e3 "}) {
        expect_fault(text, Object::Fault::NotAnObject);
    }
}

TEST(JsonObject, NotJson) {
    for (const auto* text :
         {"", " ", "{", "}", "{}{}", "{} x", "{a:1}", "{'a':1}", R"({"a":1,})", R"({"a"})",
          R"({"a":01})", R"({"a":nan})", R"({"a":"x)", "{\"a\":\"\n\"}", R"({"a":"\ud800"})",
          R"({"a":"\x"})", "\xef\xbb\xbf[", "// {}", "PK\x03\x04"}) {
        expect_fault(text, Object::Fault::NotJson);
    }
}

TEST(JsonObject, InvalidUtf8IsNotJson) {
    for (const auto* text : {"{\"a\":\"\xff\"}", "{\"a\":\"\xc0\x80\"}", "{\"\xe2\x82\":1}",
                             "{\"a\":\"\xed\xa0\x80\"}"}) {
        expect_fault(text, Object::Fault::NotJson);
    }
}

TEST(JsonObject, AByteOrderMarkIsWholeOrNotJson) {
    EXPECT_TRUE(Object::parse("\xef\xbb\xbf{}"));
    for (const auto* text : {"\xef{}", "\xef\xbb{}", "\xbf{}", "\xef\xbb\xbf"}) {
        expect_fault(text, Object::Fault::NotJson);
    }
}

TEST(JsonObject, ARawNulIsNotJsonWhereverItIs) {
    for (const auto& text : {"{\"a\":\"x\0y\"}"s, "{}\0"s, "{}\0junk"s, "\0{}"s, "{\0}"s}) {
        expect_fault(text, Object::Fault::NotJson);
    }
}

TEST(JsonObject, AMegabyteOfOpenBracketsUsesNoStack) {
    expect_fault(std::string(1'000'000, '['), Object::Fault::NotJson);
    std::string objects;
    for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
    expect_fault(objects, Object::Fault::NotJson);
}

TEST(JsonObject, DeepButWellFormedIsJson) {
    constexpr std::size_t kDepth = 500'000;
    const auto object =
        Object::parse("{\"a\":" + std::string(kDepth, '[') + std::string(kDepth, ']') + '}');
    ASSERT_TRUE(object);
    EXPECT_TRUE(object->has("a"));
}

TEST(JsonObject, NumbersOfAnyForm) {
    const auto object = Object::parse(R"({"i": 17, "f": -1.5, "e": 1.7e9, "s": "1", "n": null})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->number("i"), 17);
    EXPECT_EQ(object->number("f"), -1.5);
    EXPECT_EQ(object->number("e"), 1'700'000'000);
    EXPECT_FALSE(object->number("s"));
    EXPECT_FALSE(object->number("n"));
    EXPECT_FALSE(object->number("missing"));
    EXPECT_FALSE(Object::parse(R"({"too": 1e999})"));
}

TEST(JsonObject, ObjectsBelowOutliveTheirParent) {
    auto parent = Object::parse(R"({"a": {"b": {"c": "deep"}}, "s": "x", "l": [{"k": 1}]})");
    ASSERT_TRUE(parent);
    EXPECT_FALSE(parent->object("s"));
    EXPECT_FALSE(parent->object("l"));
    EXPECT_FALSE(parent->object("missing"));
    const auto child = parent->object("a")->object("b");
    parent.reset();
    ASSERT_TRUE(child);
    EXPECT_EQ(child->string("c"), "deep");
}

TEST(JsonObject, ArraysOfOneKind) {
    const auto object = Object::parse(
        R"({"s": ["a", "", "b"], "none": [], "mixed": ["a", 1], "o": [{"k": 1}, {}], "n": 1})");
    ASSERT_TRUE(object);
    EXPECT_EQ(object->strings("s"), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(object->strings("none"), std::vector<std::string>());
    for (const auto* name : {"mixed", "o", "n", "missing"}) EXPECT_FALSE(object->strings(name));
    const auto objects = object->objects("o");
    ASSERT_TRUE(objects);
    ASSERT_EQ(objects->size(), 2U);
    EXPECT_EQ(objects->front().integer("k"), 1);
    EXPECT_TRUE(object->objects("none"));
    for (const auto* name : {"mixed", "s", "n", "missing"}) EXPECT_FALSE(object->objects(name));
}

TEST(JsonObject, DuplicatesAreSeenAtAnyDepth) {
    for (const auto* text : {R"({"a":1,"b":2,"a":1})", R"({"x":{"a":1,"a":1}})",
                             R"({"x":[1,[{"a":1,"a":1}]]})", R"({"a":1,"\u0061":2})"}) {
        EXPECT_TRUE(Object::parse(text)->has_duplicates()) << text;
    }
    for (const auto* text :
         {"{}", R"({"a":1,"A":1})", R"({"a":{"a":{"a":1}}})", R"({"x":[{"a":1},{"a":1}]})"}) {
        EXPECT_FALSE(Object::parse(text)->has_duplicates()) << text;
    }
    constexpr std::size_t kDepth = 500'000;
    const auto deep =
        Object::parse("{\"a\":" + std::string(kDepth, '[') + std::string(kDepth, ']') + '}');
    EXPECT_FALSE(deep->has_duplicates());
}

TEST(JsonObject, OfTwoMembersOfOneNameTheFirstCounts) {
    EXPECT_EQ(Object::parse(R"({"a":"1","a":"2"})")->string("a"), "1");
}

}  // namespace
}  // namespace coredepot::json
