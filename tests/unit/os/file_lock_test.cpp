
#include "os/file_lock.hpp"

#include <atomic>

#include <gtest/gtest.h>

#include "os/storage_error.hpp"
#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::os {
namespace {

using namespace std::chrono_literals;
using test::names_in;
using Names = std::vector<std::string>;

class FileLockTest : public testing::Test {
  protected:
    test::TemporaryFolder folder_;
};

TEST_F(FileLockTest, IsOnesOwnAndLeavesNothingBehind) {
    {
        const FileLock mine(folder_ / "lock", 0ms);
        EXPECT_EQ(names_in(folder_.path()), Names{"lock"});
        const FileLock another(folder_ / "another lock", 0ms);
        try {
            const FileLock theirs(folder_ / "lock", 20ms);
            FAIL() << "locked twice";
        } catch (const StorageError& error) {
            EXPECT_EQ(error.code(), std::errc::timed_out);
        }
    }
    EXPECT_EQ(names_in(folder_.path()), Names{});
    const FileLock again(folder_ / "lock", 0ms);
}

TEST_F(FileLockTest, WhatAKilledOneLeftIsNobodys) {
    test::write_file(folder_ / "lock", "");
    const FileLock mine(folder_ / "lock", 0ms);
}

TEST_F(FileLockTest, WithoutItsFolderThrows) {
    EXPECT_THROW(FileLock(folder_ / "missing/lock", 0ms), StorageError);
}

TEST_F(FileLockTest, OneAtATimeHasIt) {
    std::atomic<int> inside = 0;
    test::in_parallel(8, [&](std::size_t /*thread*/) {
        for (int i = 0; i < 25; ++i) {
            const FileLock lock(folder_ / "lock", 1h);
            EXPECT_EQ(++inside, 1);
            --inside;
        }
    });
    EXPECT_EQ(names_in(folder_.path()), Names{});
}

}  // namespace
}  // namespace coredepot::os
