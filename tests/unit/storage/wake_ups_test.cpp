#include "storage/wake_ups.hpp"

#include <gtest/gtest.h>

#include "support/disk.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using test::mode_of;
using test::names_in;

class WakeUpsTest : public testing::Test {
  protected:
    test::TemporaryFolder root_;
    WakeUps wake_ups_{root_.path()};
};

TEST_F(WakeUpsTest, WhatShallBeParsedIsAnnouncedByAFile) {
    wake_ups_.want_parse();
    wake_ups_.want_parse();  // nobody has come yet
    EXPECT_EQ(names_in(root_.path()), std::vector<std::string>{".parse-wanted"});
    EXPECT_TRUE(wake_ups_.take_parse_wanted());
    EXPECT_EQ(names_in(root_.path()), std::vector<std::string>{});
    EXPECT_FALSE(wake_ups_.take_parse_wanted());
    wake_ups_.want_parse();
    EXPECT_EQ(mode_of(root_ / ".parse-wanted"), 0640U);
}

TEST_F(WakeUpsTest, AnAnnouncementThatFailsIsNoFault) {
    std::filesystem::create_directory(root_ / ".parse-wanted");
    EXPECT_NO_THROW(wake_ups_.want_parse());
    EXPECT_FALSE(wake_ups_.take_parse_wanted());  // nor a reason to look again and again
    EXPECT_NO_THROW(WakeUps("/nowhere").want_parse());
    EXPECT_FALSE(WakeUps("/nowhere").take_parse_wanted());
}

}  // namespace
}  // namespace coredepot::storage
