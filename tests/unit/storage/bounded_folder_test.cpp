#include "storage/bounded_folder.hpp"

#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>

#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "support/parallel.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono_literals;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

class BoundedFolderTest : public testing::Test {
  protected:
    Names names() const { return names_in(path_); }

    /// Makes a file look as if it had been used so long ago.
    void age(const std::string& name, std::chrono::minutes age) const {
        test::backdate(path_ / name, age);
    }

    test::TemporaryFolder parent_;
    const std::filesystem::path path_ = parent_ / "cache";
    const BoundedFolder folder_{path_, {3, 100}};
};

TEST_F(BoundedFolderTest, ReadsWhatWasWritten) {
    EXPECT_EQ(folder_.read("a", 10), std::nullopt);
    folder_.write("a", "one");
    EXPECT_EQ(folder_.read("a", 10), "one");
    EXPECT_EQ(mode_of(path_ / "a"), 0640U);
    folder_.write("a", "two");
    EXPECT_EQ(folder_.read("a", 10), "two");
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(BoundedFolderTest, RefusesToReadTooMuch) {
    folder_.write("a", "0123456789");
    EXPECT_THROW(folder_.read("a", 9), os::StorageError);
}

TEST_F(BoundedFolderTest, WithoutItsParentItCannotBeWrittenTo) {
    const BoundedFolder lost(parent_ / "missing/cache", {1, 1});
    EXPECT_EQ(lost.read("a", 1), std::nullopt);
    EXPECT_THROW(lost.write("a", "x"), os::StorageError);
}

TEST_F(BoundedFolderTest, TheNameMayDependOnTheContent) {
    const auto file = folder_.add([](const os::Descriptor& unfinished, const auto& path) {
        os::write_all(unfinished, "content", path);
        return "named afterwards";
    });
    EXPECT_EQ(os::read_all(file, 100, ""), "content");
    EXPECT_EQ(names(), Names{"named afterwards"});
}

TEST_F(BoundedFolderTest, WhatFailsLeavesNothing) {
    folder_.write("a", "one");
    EXPECT_THROW(folder_.add([](const auto& /*file*/, const auto& /*path*/) -> std::string {
        throw std::runtime_error("damaged");
    }),
                 std::runtime_error);
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(BoundedFolderTest, KeepsThoseThatWereUsedLast) {
    for (const auto* name : {"a", "b", "c"}) folder_.write(name, name);
    age("a", 30min);
    age("b", 20min);
    age("c", 10min);
    folder_.read("a", 10);
    folder_.write("d", "d");
    EXPECT_EQ(names(), (Names{"a", "c", "d"}));
}

TEST_F(BoundedFolderTest, KeepsNoMoreBytesThanItMay) {
    folder_.write("a", std::string(60, 'a'));
    age("a", 10min);
    folder_.write("b", std::string(40, 'b'));
    EXPECT_EQ(names(), (Names{"a", "b"}));
    age("b", 5min);
    folder_.write("c", "c");
    EXPECT_EQ(names(), (Names{"b", "c"}));
    age("b", 5min);
    age("c", 5min);
    folder_.write("large", std::string(500, 'x'));
    EXPECT_EQ(names(), Names{"large"});
}

TEST_F(BoundedFolderTest, WhatWritersLeftBehindGoesWhenTheyMustBeDead) {
    folder_.write("a", "a");
    write_file(path_ / ".new-alive", "half a f");
    write_file(path_ / ".new-dead", "half a f");
    age(".new-dead", 60min);
    create_symlink("a", path_ / "link");
    create_symlink("gone", path_ / "dangling");
    folder_.trim();
    EXPECT_EQ(names(), (Names{".new-alive", "a", "link"}));
}

TEST_F(BoundedFolderTest, ManyWriteAtOnce) {
    test::in_parallel(8, [&](std::size_t thread) {
        for (int i = 0; i < 40; ++i) {
            const std::string name(1, static_cast<char>('a' + (static_cast<int>(thread) + i) % 5));
            folder_.write(name, std::string(20, name.front()));
            // Somebody else may have removed it since; but nobody ever sees a part of it.
            const auto content = std::string(20, name.front());
            EXPECT_EQ(folder_.read(name, 100).value_or(content), content);
        }
    });
    EXPECT_EQ(names().size(), 3U);
}

}  // namespace
}  // namespace coredepot::storage
