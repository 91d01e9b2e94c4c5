#include "os/ownership.hpp"

#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/files.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::os {
namespace {

namespace fs = std::filesystem;

class PrivateTemporaryFolder : public testing::Test {
  protected:
    void SetUp() override { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
    void TearDown() override { ::unsetenv("TMPDIR"); }
    static fs::path make() { return private_temporary_folder("coredepot", "CACHE_DIRECTORY"); }
    fs::path expected() const { return folder_ / ("coredepot-" + std::to_string(::geteuid())); }

    test::TemporaryFolder folder_;
};

TEST_F(PrivateTemporaryFolder, IsMadeForOneselfAlone) {
    EXPECT_EQ(make(), expected());
    EXPECT_EQ(test::mode_of(expected()), 0700U);
    EXPECT_EQ(make(), expected());
}

TEST_F(PrivateTemporaryFolder, OneThatOthersMayWriteToIsRefused) {
    make();
    for (const auto mode : {fs::perms::group_write, fs::perms::others_write}) {
        fs::permissions(expected(), mode, fs::perm_options::add);
        EXPECT_THROW(make(), std::runtime_error);
        fs::permissions(expected(), mode, fs::perm_options::remove);
    }
    EXPECT_NO_THROW(make());
}

TEST_F(PrivateTemporaryFolder, OneThatSomebodyElseMadeIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
    make();
    ASSERT_EQ(::chown(expected().c_str(), 65534, 65534), 0);
    EXPECT_THROW(make(), std::runtime_error);
}

TEST_F(PrivateTemporaryFolder, ALinkOrAFileOfThatNameIsRefused) {
    fs::create_directory(folder_ / "elsewhere");
    fs::create_directory_symlink(folder_ / "elsewhere", expected());
    EXPECT_THROW(make(), std::runtime_error);
    fs::remove(expected());
    test::write_file(expected(), "");
    EXPECT_THROW(make(), std::runtime_error);
}

TEST_F(PrivateTemporaryFolder, ARefusalSaysWhatToSetInstead) {
    test::write_file(expected(), "");
    try {
        make();
        FAIL() << "not refused";
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), expected().string() + " is not ours alone; set CACHE_DIRECTORY");
    }
}

TEST(FileOfOurs, IsARegularOneThatNotEverybodyMayWriteTo) {
    const test::TemporaryFolder folder;
    const auto path = folder / "file";
    test::write_file(path, "");
    const auto file = open_existing(path);
    for (const auto& [mode, ours] :
         {std::pair{0600U, true}, {0640U, true}, {0660U, true}, {0602U, false}, {0666U, false}}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(is_file_of_ours(*file), ours) << std::oct << mode;
    }
    EXPECT_FALSE(is_file_of_ours(open_folder(folder.path())));
    EXPECT_FALSE(is_file_of_ours(Descriptor()));
}

// Who may write to the folder may put one there, and nobody ever writes into it.
TEST(FileOfOurs, IsNoFifoAndNobodyWaitsForOne) {
    const test::TemporaryFolder folder;
    const auto path = folder / "file";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(is_file_of_ours(*open_existing(path)));
}

TEST(FileOfOurs, IsNotSomebodyElses) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const test::TemporaryFolder folder;
    const auto path = folder / "file";
    test::write_file(path, "");
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_FALSE(is_file_of_ours(*open_existing(path)));
}

}  // namespace
}  // namespace coredepot::os
