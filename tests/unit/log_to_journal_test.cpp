// The logger looks at its environment once, so this is a program of its own: one whose standard
// error is what JOURNAL_STREAM says, as systemd starts services.

#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::log {
namespace {

TEST(LogToJournal, EachLineHasItsPriorityAndLeavesTheTimeToTheJournal) {
    const test::TemporaryFolder folder;
    const auto journal = folder / "journal";
    const int before = ::dup(STDERR_FILENO);
    const int file = ::open(journal.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ASSERT_GE(file, 0);
    struct stat status {};
    ASSERT_EQ(::fstat(file, &status), 0);
    const auto stream = std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
    ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    ::dup2(file, STDERR_FILENO);
    {
        const RequestScope scope("abc");
        info("one", {{"key", "a\nb"}});
    }
    warning("two");
    error("three");
    ::dup2(before, STDERR_FILENO);
    EXPECT_EQ(test::content_of(journal), "<6>one key=\"a b\" request_id=abc\n<4>two\n<3>three\n");
}

}  // namespace
}  // namespace coredepot::log
