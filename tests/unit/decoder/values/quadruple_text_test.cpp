// Against what gdb prints of such numbers.

#include "decoder/values/quadruple_text.hpp"

#include <array>
#include <cstdint>

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

std::string text(std::uint64_t upper, std::uint64_t lower = 0) {
    std::array<std::byte, kQuadrupleBytes> bytes{};
    for (unsigned i = 0; i < 8; ++i) {
        bytes.at(i) = static_cast<std::byte>(lower >> 8 * i);
        bytes.at(i + 8) = static_cast<std::byte>(upper >> 8 * i);
    }
    return quadruple_text(bytes);
}

TEST(QuadrupleText, Numbers) {
    EXPECT_EQ(text(0x3FFF000000000000), "1");
    EXPECT_EQ(text(0xC000A00000000000), "-3.25");
    EXPECT_EQ(text(0x3FFB999999999999, 0x999999999999999A),
              "0.100000000000000000000000000000000005");
    EXPECT_EQ(text(0x3FFD555555555555, 0x5555555555555555),
              "0.333333333333333333333333333333333317");
    EXPECT_EQ(text(0x401E65A0BC000000), "3000000000");
    EXPECT_EQ(text(0), "0");
    EXPECT_EQ(text(0x8000000000000000), "-0");
}

TEST(QuadrupleText, LargeAndSmallOnes) {
    EXPECT_EQ(text(0x3FF2000000000000), "0.0001220703125");
    EXPECT_EQ(text(0x3FF1000000000000), "6.103515625e-05");
    EXPECT_EQ(text(0x4075000000000000), "332306998946228968225951765070086144");
    EXPECT_EQ(text(0x4077000000000000), "1.32922799578491587290380706028034458e+36");
    EXPECT_EQ(text(0x7FFEFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF),
              "1.18973149535723176508575932662800702e+4932");
    EXPECT_EQ(text(0, 1), "6.47517511943802511092443895822764655e-4966");
    EXPECT_EQ(text(0x3FFEFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF),
              "0.999999999999999999999999999999999904");
}

TEST(QuadrupleText, WhatIsNoNumber) {
    EXPECT_EQ(text(0x7FFF000000000000), "inf");
    EXPECT_EQ(text(0xFFFF000000000000), "-inf");
    EXPECT_EQ(text(0x7FFF800000000000), "nan(0x8000000000000000000000000000)");
    EXPECT_EQ(text(0xFFFF800000000000, 0x1A), "-nan(0x800000000000000000000000001a)");
}

}  // namespace
}  // namespace coredepot::decoder
