#include "http/query.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

using namespace std::string_literals;

TEST(PercentDecoded, Escapes) {
    EXPECT_EQ(percent_decoded("%41%7a%7A"), "Azz");
    EXPECT_EQ(percent_decoded("a%2Fb%2fc"), "a/b/c");
    EXPECT_EQ(percent_decoded("%00"), "\0"s);
    EXPECT_EQ(percent_decoded("%ff%C3%A9"), "\xff\xc3\xa9");
    EXPECT_EQ(percent_decoded("%2541"), "%41");
}

TEST(PercentDecoded, BadEscapesStayAsTheyAre) {
    for (const auto* text : {"%", "%%", "%4", "a%", "a%4", "%zz", "%4z", "%z4", "%-1", "% 41"}) {
        EXPECT_EQ(percent_decoded(text), text);
    }
    EXPECT_EQ(percent_decoded("%%41"), "%A");
    EXPECT_EQ(percent_decoded("%4%41"), "%4A");
}

TEST(PercentDecoded, PlusIsNoSpace) {
    EXPECT_EQ(percent_decoded("1.0+build"), "1.0+build");
    EXPECT_EQ(percent_decoded("%2B%20"), "+ ");
}

TEST(Query, ByName) {
    const auto query = Query::parse("chip=esp32c3&firmware_version=1.2.3");
    EXPECT_EQ(query.get("chip"), "esp32c3");
    EXPECT_EQ(query.get("firmware_version"), "1.2.3");
    EXPECT_FALSE(query.get("Chip"));
    EXPECT_FALSE(query.get(""));
}

TEST(Query, IsSplitBeforeItIsDecoded) {
    const auto query = Query::parse("a=1%262&b%3Dc=x%3Dy&d%26e=z");
    EXPECT_EQ(query.get("a"), "1&2");
    EXPECT_EQ(query.get("b=c"), "x=y");
    EXPECT_EQ(query.get("d&e"), "z");
    EXPECT_FALSE(query.get("b"));
}

TEST(Query, NamesAreDecodedToo) {
    EXPECT_EQ(Query::parse("%63hip=a").get("chip"), "a");
}

TEST(Query, TheFirstEqualsSignDivides) {
    EXPECT_EQ(Query::parse("a=b=c").get("a"), "b=c");
    EXPECT_EQ(Query::parse("=v").get(""), "v");
}

TEST(Query, OfRepeatedNamesTheFirstCounts) {
    EXPECT_EQ(Query::parse("a=1&a=2").get("a"), "1");
}

TEST(Query, WithoutValue) {
    const auto query = Query::parse("a&b=");
    EXPECT_EQ(query.get("a"), "");
    EXPECT_EQ(query.get("b"), "");
}

TEST(Query, EmptyPiecesAreNothing) {
    EXPECT_FALSE(Query::parse("").get("a"));
    EXPECT_FALSE(Query::parse("&&&").get("a"));
    EXPECT_EQ(Query::parse("&&a=1&&").get("a"), "1");
}

TEST(Query, PlusStays) {
    EXPECT_EQ(Query::parse("v=1.0+7").get("v"), "1.0+7");
}

}  // namespace
}  // namespace coredepot::http
