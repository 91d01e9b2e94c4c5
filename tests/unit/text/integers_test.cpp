#include "text/integers.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

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
