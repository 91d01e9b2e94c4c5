#include "storage/transfer_folder.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono_literals;
using test::backdate;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

class TransferFolderTest : public testing::Test {
  protected:
    Names names() const { return names_in(folder_.path()); }

    /// One that is kept, open for reading.
    os::Descriptor elf() const {
        write_file(elves_ / "kept.elf", "elf");
        std::filesystem::permissions(elves_ / "kept.elf", std::filesystem::perms{os::kFileMode});
        return *os::open_existing(elves_ / "kept.elf");
    }

    test::TemporaryFolder folder_;
    test::TemporaryFolder elves_;
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
        staged.put_elf(elf());
        EXPECT_EQ(content_of(folder_ / staged.core_name()), "core");
        EXPECT_EQ(content_of(folder_ / staged.elf_name()), "elf");
        EXPECT_EQ(mode_of(folder_ / staged.core_name()), 0640U);
        EXPECT_EQ(mode_of(folder_ / staged.elf_name()), 0640U);
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(TransferFolderTest, TheElfIsALinkAndTheCoreDumpIsNot) {
    const auto staged = transfer_.stage(17, "x");
    const auto kept = elf();
    staged.write_core("core");
    staged.put_elf(kept);
    EXPECT_TRUE(equivalent(folder_ / staged.elf_name(), elves_ / "kept.elf"));
    EXPECT_EQ(hard_link_count(folder_ / staged.core_name()), 1U);
    staged.remove();
    EXPECT_EQ(content_of(elves_ / "kept.elf"), "elf");
}

// Its cache may be emptied between finding an ELF there and linking to it.
TEST_F(TransferFolderTest, AnElfWhoseNameIsGoneIsCopied) {
    const auto staged = transfer_.stage(17, "x");
    const auto kept = elf();
    remove(elves_ / "kept.elf");
    staged.put_elf(kept);
    EXPECT_EQ(content_of(folder_ / staged.elf_name()), "elf");
    EXPECT_EQ(mode_of(folder_ / staged.elf_name()), 0640U);
}

TEST_F(TransferFolderTest, AnElfOnAnotherFileSystemIsCopied) {
    const os::Descriptor in_memory(::memfd_create("elf", MFD_CLOEXEC));
    os::write_all(in_memory, "elf", "elf");
    const auto staged = transfer_.stage(17, "x");
    staged.put_elf(in_memory);
    EXPECT_EQ(content_of(folder_ / staged.elf_name()), "elf");
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
    EXPECT_THROW(staged.write_core("core"), os::StorageError);
    lost.sweep(1s);
}

TEST_F(TransferFolderTest, SweepRemovesWhatIsOld) {
    write_file(folder_ / "1-dead.dmp", "x");
    write_file(folder_ / "2-alive.dmp", "x");
    create_directory(folder_ / "folder");
    backdate(folder_ / "1-dead.dmp", 2h);
    backdate(folder_ / "folder", 2h);
    transfer_.sweep(1h);
    EXPECT_EQ(names(), (Names{"2-alive.dmp", "folder"}));
}

// A link to an ELF has the times of the ELF, whenever it was made.
TEST_F(TransferFolderTest, SweepTakesAnElfToBeAsOldAsItsCoreDump) {
    for (const auto* stem : {"1-dead", "2-alive", "3-half"}) {
        write_file(folder_ / (std::string(stem) + ".dmp"), "x");
        write_file(folder_ / (std::string(stem) + ".elf"), "x");
    }
    backdate(folder_ / "1-dead.dmp", 2h);
    backdate(folder_ / "2-alive.elf", 2h);
    remove(folder_ / "3-half.dmp");
    transfer_.sweep(1h);
    EXPECT_EQ(names(), (Names{"2-alive.dmp", "2-alive.elf"}));
}

TEST_F(TransferFolderTest, SweepLeavesTheKeptElvesAlone) {
    write_file(folder_ / ".elf-cache/0.elf", "x");
    backdate(folder_ / ".elf-cache/0.elf", 2h);
    transfer_.sweep(1h);
    transfer_.stage(0, "x");
    EXPECT_EQ(names_in(folder_ / ".elf-cache"), Names{"0.elf"});
}

}  // namespace
}  // namespace coredepot::storage
