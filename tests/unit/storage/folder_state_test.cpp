#include "storage/folder_state.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using test::write_file;

constexpr auto kTooMuch = std::numeric_limits<std::uint64_t>::max();

TEST(FolderStateTest, AFolderIsUsable) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(folder_state(folder.path(), {1, 1}), FolderState::Usable);
}

TEST(FolderStateTest, WhatIsNotThereOrNoFolderIsUnavailable) {
    const test::TemporaryFolder folder;
    write_file(folder / "file", "x");
    EXPECT_EQ(folder_state(folder / "missing", {1, 1}), FolderState::Unavailable);
    EXPECT_EQ(folder_state(folder / "file", {1, 1}), FolderState::Unavailable);
}

TEST(FolderStateTest, WhereNothingCanBeMadeIsReadOnly) {
    EXPECT_EQ(folder_state("/proc/self", {1, 1}), FolderState::ReadOnly);
}

TEST(FolderStateTest, WithoutTheRoomItIsFull) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(folder_state(folder.path(), {kTooMuch, 1}), FolderState::Full);
}

TEST(FolderStateTest, WithoutTheInodesItIsOutOfThem) {
    const test::TemporaryFolder folder;
    if (!inodes_of(folder.path())) GTEST_SKIP() << "no file system that counts inodes";
    EXPECT_EQ(folder_state(folder.path(), {1, kTooMuch}), FolderState::OutOfInodes);
}

TEST(Space, OfAFileSystem) {
    const test::TemporaryFolder folder;
    const auto space = space_of(folder.path());
    ASSERT_TRUE(space);
    EXPECT_GT(space->total, 0U);
    EXPECT_LE(space->free, space->total);
    EXPECT_FALSE(space_of(folder / "missing"));
    EXPECT_FALSE(space_of("/proc")) << "whose blocks are none, which does not make it full";
}

TEST(Inodes, OfAFileSystem) {
    const test::TemporaryFolder folder;
    const auto inodes = inodes_of(folder.path());
    if (!inodes) GTEST_SKIP() << "no file system that counts inodes";
    EXPECT_LE(inodes->free, inodes->total);
    EXPECT_FALSE(inodes_of(folder / "missing"));
    EXPECT_FALSE(inodes_of("/proc")) << "which has none, and is not out of them";
}

TEST(BytesIn, AddsUpFilesBelowAndNothingElse) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(bytes_in(folder.path(), 10), 0U);
    write_file(folder / "a", "123");
    write_file(folder / "b/c/d", "4567");
    std::filesystem::create_symlink(folder / "a", folder / "link");
    std::filesystem::create_symlink("missing", folder / "dangling");
    EXPECT_EQ(bytes_in(folder.path(), 10), 7U);
}

TEST(BytesIn, GivesUpWhenThereIsTooMuchToLookAt) {
    const test::TemporaryFolder folder;
    for (const auto* name : {"a", "b", "c"}) write_file(folder / name, "1");
    EXPECT_EQ(bytes_in(folder.path(), 3), 3U);
    EXPECT_FALSE(bytes_in(folder.path(), 2));
    EXPECT_FALSE(bytes_in(folder / "missing", 2));
}

}  // namespace
}  // namespace coredepot::storage
