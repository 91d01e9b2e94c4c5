#include "text/utf8.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using namespace std::string_literals;

const std::string kReplacement = "\xef\xbf\xbd";

TEST(Utf8, FirstAndLastOfEachLength) {
    for (const auto& text :
         {""s, "\0"s, "\x7f"s, "\xc2\x80"s, "\xdf\xbf"s, "\xe0\xa0\x80"s, "\xed\x9f\xbf"s,
          "\xee\x80\x80"s, "\xef\xbf\xbf"s, "\xf0\x90\x80\x80"s, "\xf4\x8f\xbf\xbf"s}) {
        EXPECT_TRUE(is_utf8(text));
        EXPECT_EQ(to_utf8(text), text);
    }
}

TEST(Utf8, OverlongFormsSurrogatesAndBeyondTheLastAreNot) {
    for (const auto& text : {"\xc0\x80"s, "\xc1\xbf"s, "\xe0\x80\x80"s, "\xe0\x9f\xbf"s,
                             "\xf0\x80\x80\x80"s, "\xf0\x8f\xbf\xbf"s, "\xed\xa0\x80"s,
                             "\xed\xbf\xbf"s, "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xff"s}) {
        EXPECT_FALSE(is_utf8(text));
    }
}

TEST(Utf8, CutSequencesAndLoneContinuationsAreNot) {
    for (const auto& text : {"\x80"s, "\xbf"s, "\xc3"s, "\xe2\x82"s, "\xe2"s, "\xf0\x9f\x98"s,
                             "\xc3("s, "\xe2(\xac"s, "\xe2\x82("s}) {
        EXPECT_FALSE(is_utf8(text));
        EXPECT_FALSE(is_utf8("before" + text));
        EXPECT_FALSE(is_utf8(text + "after"));
        // Eight bytes of ASCII are looked at in one go.
        EXPECT_FALSE(is_utf8("12345678" + text + "12345678"));
        EXPECT_FALSE(is_utf8("1234567" + text + "89"));
    }
}

TEST(Utf8, CharactersAreCountedAndNotBytes) {
    EXPECT_EQ(character_count(""), 0U);
    EXPECT_EQ(character_count("a\u00e9\u20ac\U0001F600"), 4U);
}

TEST(Utf8, EachBadByteIsReplacedAndTheRestStays) {
    EXPECT_EQ(to_utf8("a\xff\xfez"), "a" + kReplacement + kReplacement + "z");
    EXPECT_EQ(to_utf8("\xe2\x82"), kReplacement + kReplacement);
    EXPECT_EQ(to_utf8("\xe2(\xe2\x82\xac"), kReplacement + "(\xe2\x82\xac");
}

TEST(Utf8, EveryPairOfBytesComesOutAsUtf8) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            EXPECT_TRUE(is_utf8(to_utf8(text)));
            EXPECT_EQ(is_utf8(text), to_utf8(text) == text);
        }
    }
}

TEST(Utf8, WhatActsOnATerminalOrOnTheOrderOfTextIsMasked) {
    for (const auto& control :
         {"\n"s, "\x1b"s, "\x7f"s, "\u0080"s, "\u009b"s, "\u009f"s, "\u061c"s, "\u200e"s, "\u200f"s,
          "\u2028"s, "\u2029"s, "\u202a"s, "\u202e"s, "\u2066"s, "\u2069"s}) {
        EXPECT_EQ(to_visible("a" + control + "z", '?'), "a?z");
    }
    EXPECT_EQ(to_visible("\x9b"
                         "31m",
                         '?'),
              kReplacement + "31m")
        << "no character at all";
    // The next ones on either side.
    for (const auto& plain : {" "s, "~"s, "\u00a0"s, "\u061b"s, "\u061d"s, "\u200d"s, "\u2010"s,
                              "\u2027"s, "\u202f"s, "\u2065"s, "\u206a"s, "€"s, "🌡"s}) {
        EXPECT_EQ(to_visible("a" + plain + "z", '?'), "a" + plain + "z");
    }
}

}  // namespace
}  // namespace coredepot
