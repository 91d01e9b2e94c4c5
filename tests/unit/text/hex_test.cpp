#include "text/hex.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using namespace std::string_literals;

TEST(ToHex, TwoLowerCaseDigitsAByte) {
    EXPECT_EQ(to_hex(""), "");
    EXPECT_EQ(to_hex("\x00\x0f\xf0\xff"s), "000ff0ff");
}

}  // namespace
}  // namespace coredepot
