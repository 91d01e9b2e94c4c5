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

TEST(Hex, OtherTextIsNone) {
    for (const auto* bad : {"0", "000", "0g", "g0", "0F", "F0", " 0", "0x", "-1", "\xff\xff"}) {
        EXPECT_EQ(from_hex(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(from_hex("0\0"s), std::nullopt);
}

}  // namespace
}  // namespace coredepot
