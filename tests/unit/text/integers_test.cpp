#include "text/integers.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(Integers, AreTheWholeText) {
    struct Case {
        const char* text;
        std::optional<std::int64_t> number;
    };
    for (const auto& [text, number] : {
             Case{"0", 0},
             Case{"-0", 0},
             Case{"007", 7},
             Case{"-42", -42},
             Case{"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
             Case{"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
             Case{"9223372036854775808", std::nullopt},
             Case{"-9223372036854775809", std::nullopt},
             Case{"", std::nullopt},
             Case{"-", std::nullopt},
             Case{"+1", std::nullopt},
             Case{" 1", std::nullopt},
             Case{"1 ", std::nullopt},
             Case{"1x", std::nullopt},
             Case{"x", std::nullopt},
             Case{"1.0", std::nullopt},
             Case{"1e3", std::nullopt},
             Case{"0x1", std::nullopt},
             Case{"--1", std::nullopt},
             Case{"\xd9\xa1", std::nullopt},  // a digit of another script
         }) {
        EXPECT_EQ(parse_integer(text), number) << '"' << text << '"';
    }
    EXPECT_EQ(parse_integer(std::string_view("1\0", 2)), std::nullopt);
    EXPECT_EQ(parse_integer(std::string_view()), std::nullopt);
}

TEST(Integers, FitTheirType) {
    EXPECT_EQ(parse_integer<std::uint64_t>("18446744073709551615"),
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(parse_integer<std::uint64_t>("18446744073709551616"), std::nullopt);
    EXPECT_EQ(parse_integer<std::uint64_t>("-1"), std::nullopt);
    EXPECT_EQ(parse_integer<std::int16_t>("32767"), 32767);
    EXPECT_EQ(parse_integer<std::int16_t>("32768"), std::nullopt);
}

TEST(Integers, MayBeHexadecimal) {
    EXPECT_EQ(parse_integer<std::uint32_t>("ffFF0000", 16), 0xffff0000U);
    EXPECT_EQ(parse_integer<std::uint32_t>("0x10", 16), std::nullopt);
    EXPECT_EQ(parse_integer<std::uint32_t>("1g", 16), std::nullopt);
    EXPECT_EQ(parse_integer<std::uint32_t>("100000000", 16), std::nullopt);
}

TEST(Integers, GroupsOfThreeForPeople) {
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1000), "1,000");
    EXPECT_EQ(with_thousands(12'000), "12,000");
    EXPECT_EQ(with_thousands(1'000'000), "1,000,000");
    EXPECT_EQ(with_thousands(123'456), "123,456");
}

}  // namespace
}  // namespace coredepot
