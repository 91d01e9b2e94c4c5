#include "text/hex.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using namespace std::string_literals;

TEST(Hex, TwoLowerCaseDigitsAByteAndBack) {
    for (const auto& [bytes, hex] : {std::pair{""s, ""s},
                                     {"\x00\x0f\xf0\xff"s, "000ff0ff"s},
                                     {"az\n"s, "617a0a"s},
                                     {"\x7f\x80"s, "7f80"s}}) {
        EXPECT_EQ(to_hex(bytes), hex);
        EXPECT_EQ(from_hex(hex), bytes);
    }
}

TEST(Hex, DigitsAreLowerCaseInAnyNumber) {
    for (const auto* good : {"", "0", "0123456789abcdef", "abc"}) EXPECT_TRUE(is_lower_hex(good));
    for (const auto* bad : {"A", "0F", "g", " 0", "0x1", "-1", "\xff"}) {
        EXPECT_FALSE(is_lower_hex(bad)) << bad;
    }
    EXPECT_FALSE(is_lower_hex("0\0"s));
}

TEST(Hex, OtherTextIsNone) {
    for (const auto* bad : {"0", "000", "0g", "g0", "0F", "F0", " 0", "0x", "-1", "\xff\xff"}) {
        EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(from_hex("0\0"s), std::nullopt);
}

}  // namespace
}  // namespace coredepot
