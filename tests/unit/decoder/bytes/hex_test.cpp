#include "decoder/bytes/hex.hpp"

#include <gtest/gtest.h>

namespace coredepot::decoder {
namespace {

TEST(Hex, Widths) {
    EXPECT_EQ(hex(0), "0x0");
    EXPECT_EQ(hex(0xFFFFFFFF), "0xffffffff");
    EXPECT_EQ(hex_address(0x1D), "0x0000001d");
    EXPECT_EQ(hex_address(0xFFFFFFFF), "0xffffffff");
}

}  // namespace
}  // namespace coredepot::decoder
