#include "objects/answer_xml.hpp"

#include <gtest/gtest.h>

namespace coredepot::objects {
namespace {

std::string object(const std::string& key, const std::string& more = "") {
    return "<Contents><Key>" + key +
           "</Key><LastModified>2026-02-11T14:30:00.000Z</LastModified><ETag>&quot;x&quot;</ETag>"
           "<Size>65536</Size><Owner><ID>Key</ID></Owner>" +
           more + "</Contents>";
}

std::string list(const std::string& content) {
    return R"(<?xml version="1.0" encoding="UTF-8"?>)"
           R"(<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>)" +
           content + "</ListBucketResult>";
}

constexpr const char* kWhole = "<IsTruncated>false</IsTruncated>";
constexpr const char* kEncoded = "<EncodingType>url</EncodingType>";

TEST(Listing, HasObjectsWithTheirSizesAndTimes) {
    const auto listing = parse_listing(
        list("<IsTruncated>true</IsTruncated>" + object("a&amp;b") + object("c+d%20")));
    ASSERT_TRUE(listing);
    EXPECT_TRUE(listing->is_truncated);
    ASSERT_EQ(listing->objects.size(), 2U);
    EXPECT_EQ(listing->objects[0].key, "a&b");
    EXPECT_EQ(listing->objects[0].size, 65536U);
    EXPECT_EQ(listing->objects[0].last_modified, *from_iso8601("2026-02-11T14:30:00Z"));
    EXPECT_EQ(listing->objects[1].key, "c+d%20");
}

TEST(Listing, KeysAreDecodedWhenItSaysThatTheyAreEncoded) {
    for (const auto& content : {kEncoded + object("c+d%2B%c3%BC/e") + kWhole,
                                kWhole + object("c+d%2B%c3%BC/e") + kEncoded}) {
        const auto listing = parse_listing(list(content));
        ASSERT_TRUE(listing);
        EXPECT_EQ(listing->objects.at(0).key, "c d+\u00fc/e");
    }
    for (const auto* bad : {"%", "%4", "%4g", "%g4"}) {
        EXPECT_FALSE(parse_listing(list(kWhole + object(bad) + kEncoded))) << bad;
    }
}

TEST(Listing, MayBeEmpty) {
    const auto listing = parse_listing(list(kWhole));
    ASSERT_TRUE(listing);
    EXPECT_TRUE(listing->objects.empty());
    EXPECT_FALSE(listing->is_truncated);
}

TEST(Listing, OneThatIsNotWholeIsNone) {
    const auto whole = list(kWhole + object("a"));
    ASSERT_TRUE(parse_listing(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(parse_listing(whole.substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_listing(whole + "x"));
    EXPECT_FALSE(parse_listing(list(object("a"))));
    EXPECT_FALSE(parse_listing(list("<IsTruncated>maybe</IsTruncated>")));
}

TEST(Listing, AnObjectOfWhichSomethingIsMissingSpoilsIt) {
    const auto good = object("a");
    for (const std::string part : {"<Key>a</Key>", "<Size>65536</Size>",
                                   "<LastModified>2026-02-11T14:30:00.000Z</LastModified>"}) {
        auto bad = good;
        bad.erase(bad.find(part), part.size());
        EXPECT_FALSE(parse_listing(list(kWhole + bad))) << part;
    }
    EXPECT_FALSE(parse_listing(list(kWhole + object("a", "<Size>-1</Size>"))));
    EXPECT_FALSE(parse_listing(list(kWhole + object("a", "<LastModified>x</LastModified>"))));
}

TEST(AnswerXml, EntitiesOfItsOwnAreRefused) {
    const std::string doctype = R"(<!DOCTYPE Error [<!ENTITY x "NoSuchKey">]>)";
    EXPECT_EQ(parse_error_code("<Error><Code>NoSuchKey</Code></Error>"), "NoSuchKey");
    EXPECT_EQ(parse_error_code(doctype + "<Error><Code>&x;</Code></Error>"), "");
    EXPECT_EQ(parse_error_code(doctype + "<Error><Code>NoSuchKey</Code></Error>"), "");
}

TEST(AnswerXml, WhatIsTooLongOrTooDeepIsRefused) {
    EXPECT_FALSE(parse_listing(list(kWhole + object(std::string(10'000, 'a')))));
    std::string deep;
    for (int i = 0; i < 10; ++i) deep += "<a>";
    for (int i = 0; i < 10; ++i) deep += "</a>";
    EXPECT_FALSE(parse_listing(list(kWhole + deep)));
}

TEST(ErrorCode, IsAWordOrNothing) {
    EXPECT_EQ(parse_error_code("<Error><Message>m</Message><Code>SlowDown</Code></Error>"),
              "SlowDown");
    for (const auto* none : {"", "{}", "<html><Code>SlowDown</Code></html>", "<Error></Error>",
                             "<Error><Code>Slow Down</Code></Error>", "<Error><Code>SlowDown"}) {
        EXPECT_EQ(parse_error_code(none), "") << none;
    }
    EXPECT_EQ(parse_error_code("<Error><Code>" + std::string(65, 'a') + "</Code></Error>"), "");
}

}  // namespace
}  // namespace coredepot::objects
