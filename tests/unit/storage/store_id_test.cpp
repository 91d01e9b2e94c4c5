#include "storage/store_id.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

class StoreIdTest : public testing::Test {
  protected:
    test::TemporaryFolder root_;
};

TEST_F(StoreIdTest, StaysTheSameAndGoesWithTheFolder) {
    const auto id = store_id(root_.path());
    ASSERT_TRUE(id);
    EXPECT_EQ(id->size(), 32U);
    EXPECT_EQ(store_id(root_.path()), id);
    const test::TemporaryFolder other;
    EXPECT_NE(store_id(other.path()), id);
    std::filesystem::copy_file(root_ / ".store-id", other / ".store-id",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(store_id(other.path()), id);
}

TEST_F(StoreIdTest, ThoseWhoMakeItAtOnceAgree) {
    std::vector<std::optional<std::string>> ids(8);
    test::in_parallel(ids.size(), [&](std::size_t i) { ids[i] = store_id(root_.path()); });
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1U);
    EXPECT_TRUE(ids[0]);
    EXPECT_EQ(test::names_in(root_.path()), std::vector<std::string>{".store-id"});
}

TEST_F(StoreIdTest, WhatCannotBeReadOrMadeIsNotKnown) {
    EXPECT_FALSE(store_id(root_ / "missing"));
    for (const auto* text : {"", "x", "0123456789abcdef0123456789abcdeg\n",
                             "0123456789abcdef0123456789abcdef0123\n"}) {
        test::write_file(root_ / ".store-id", text);
        EXPECT_FALSE(store_id(root_.path())) << text;
    }
}

}  // namespace
}  // namespace coredepot::storage
