#include "storage/transfer_folder.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono_literals;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

class TransferFolderTest : public testing::Test {
  protected:
    Names names() const { return names_in(folder_.path()); }

    test::TemporaryFolder folder_;
    TransferFolder transfer_{folder_.path()};
};

TEST_F(TransferFolderTest, NamesTellDumpAndClaim) {
    const auto staged = transfer_.stage(17, "lease-1");
    EXPECT_EQ(staged.core_name(), "17-lease-1.dmp");
    EXPECT_EQ(staged.elf_name(), "17-lease-1.elf");
}

TEST_F(TransferFolderTest, FilesAreThereAsLongAsTheClaim) {
    {
        const auto staged = transfer_.stage(17, "x");
        staged.write_core("core");
        staged.write_elf([](const auto& sink) {
            sink("el");
            sink("f");
        });
        EXPECT_EQ(content_of(folder_ / staged.core_name()), "core");
        EXPECT_EQ(content_of(folder_ / staged.elf_name()), "elf");
        EXPECT_EQ(mode_of(folder_ / staged.core_name()), 0640U);
        EXPECT_EQ(mode_of(folder_ / staged.elf_name()), 0640U);
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(TransferFolderTest, NothingStaysOfAnElfThatCannotBeUnpacked) {
    {
        const auto staged = transfer_.stage(17, "x");
        staged.write_core("core");
        EXPECT_THROW(staged.write_elf([](const auto& sink) {
            sink("half");
            throw std::runtime_error("damaged");
        }),
                     std::runtime_error);
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(TransferFolderTest, LeftoversOfDeadClaimsOfTheSameDumpGo) {
    for (const auto* name : {"17-dead.dmp", "17-dead.elf", "170-alive.dmp", "1-alive.elf", "7-x"}) {
        write_file(folder_ / name, "x");
    }
    const auto staged = transfer_.stage(17, "new");
    EXPECT_EQ(names(), (Names{"1-alive.elf", "170-alive.dmp", "7-x"}));
}

TEST_F(TransferFolderTest, WithoutTheFolderStagingFails) {
    const TransferFolder lost(folder_ / "missing");
    const auto staged = lost.stage(17, "x");
    EXPECT_THROW(staged.write_core("core"), StorageError);
    lost.sweep(1s);
}

TEST_F(TransferFolderTest, SweepRemovesWhatIsOld) {
    write_file(folder_ / "1-dead.dmp", "x");
    write_file(folder_ / "2-alive.dmp", "x");
    create_directory(folder_ / "folder");
    const auto hours_ago = std::filesystem::file_time_type::clock::now() - 2h;
    last_write_time(folder_ / "1-dead.dmp", hours_ago);
    last_write_time(folder_ / "folder", hours_ago);
    transfer_.sweep(1h);
    EXPECT_EQ(names(), (Names{"2-alive.dmp", "folder"}));
}

}  // namespace
}  // namespace coredepot::storage
