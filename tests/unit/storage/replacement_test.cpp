#include "storage/replacement.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"
#include "os/storage_error.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::storage {
namespace {

using namespace std::string_literals;
using test::content_of;
using test::mode_of;
using test::names_in;
using test::write_file;
using Names = std::vector<std::string>;

class ReplacementTest : public testing::Test {
  protected:
    std::string content(const std::string& name) const { return content_of(folder_ / name); }
    Names names() const { return names_in(folder_.path()); }

    test::TemporaryFolder folder_;
};

TEST_F(ReplacementTest, NothingIsVisibleBeforeItIsPublished) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare(folder_ / "a", "new");
        replacement.prepare(folder_ / "b", "new");
        EXPECT_EQ(content("a"), "old");
        EXPECT_FALSE(exists(folder_ / "b"));
    }
    EXPECT_EQ(content("a"), "old");
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(ReplacementTest, KeptItStays) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare(folder_ / "a", "new");
        replacement.prepare(folder_ / "b", "new too");
        replacement.publish();
        EXPECT_EQ(content("a"), "new");
        replacement.keep();
    }
    EXPECT_EQ(content("a"), "new");
    EXPECT_EQ(content("b"), "new too");
    EXPECT_EQ(mode_of(folder_ / "a"), 0640U);
    EXPECT_EQ(names(), (Names{"a", "b"}));
}

TEST_F(ReplacementTest, NotKeptItIsUndone) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare(folder_ / "a", "new");
        replacement.prepare(folder_ / "b", "new too");
        replacement.publish();
        EXPECT_EQ(content("b"), "new too");
    }
    EXPECT_EQ(content("a"), "old");
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(ReplacementTest, RemovalIsPublishedAndKept) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare_removal(folder_ / "a");
        EXPECT_EQ(content("a"), "old");
        replacement.publish();
        EXPECT_FALSE(exists(folder_ / "a"));
        replacement.keep();
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(ReplacementTest, RemovalIsUndone) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare_removal(folder_ / "a");
        replacement.publish();
    }
    EXPECT_EQ(content("a"), "old");
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(ReplacementTest, RemovalOfWhatIsNotThere) {
    {
        Replacement replacement;
        replacement.prepare_removal(folder_ / "a");
        replacement.publish();
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(ReplacementTest, FailureHalfWayIsUndone) {
    write_file(folder_ / "a", "old");
    {
        Replacement replacement;
        replacement.prepare(folder_ / "a", "new");
        replacement.prepare(folder_ / "b", "new");
        replacement.prepare(folder_ / "c", "new");
        create_directory(folder_ / "b");  // no file replaces a folder
        EXPECT_THROW(replacement.publish(), os::StorageError);
    }
    EXPECT_EQ(content("a"), "old");
    EXPECT_EQ(names(), (Names{"a", "b"}));
}

TEST_F(ReplacementTest, FailureToPrepareLeavesNothing) {
    {
        Replacement replacement;
        replacement.prepare(folder_ / "a", "new");
        EXPECT_THROW(replacement.prepare(folder_ / "missing" / "b", "new"), os::StorageError);
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(ReplacementTest, AFolderThatWentMeanwhileIsAFailure) {
    create_directory(folder_ / "gone");
    {
        Replacement replacement;
        replacement.prepare(folder_ / "gone" / "a", "new");
        remove_all(folder_ / "gone");
        EXPECT_THROW(replacement.publish(), os::StorageError);
    }
    EXPECT_EQ(names(), Names{});
}

TEST_F(ReplacementTest, MovedItIsUndoneOnce) {
    write_file(folder_ / "a", "old");
    {
        Replacement first;
        first.prepare(folder_ / "a", "new");
        Replacement second(std::move(first));
        second.publish();
        second.keep();
    }
    EXPECT_EQ(content("a"), "new");
    EXPECT_EQ(names(), Names{"a"});
}

TEST_F(ReplacementTest, ReadersSeeOldOrNewAndOpenFilesStayWhatTheyWere) {
    write_file(folder_ / "a", "old");
    const auto reader = os::open_existing(folder_ / "a");
    Replacement replacement;
    replacement.prepare(folder_ / "a", "new");
    replacement.publish();
    EXPECT_EQ(os::read_all(reader.value(), 100, "a"), "old");
    replacement.keep();
}

}  // namespace
}  // namespace coredepot::storage
