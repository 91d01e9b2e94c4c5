#include "core/parsing/watch_pause.hpp"

#include <gtest/gtest.h>

namespace coredepot::core {
namespace {

TEST(WatchPause, GrowsWhileWhatIsDueCannotBeWorkedOn) {
    WatchPause pause;
    EXPECT_EQ(pause.get(), WatchPause::kShortest);
    pause.worked(0);
    EXPECT_EQ(pause.get(), 2 * WatchPause::kShortest);
    for (int i = 0; i < 10; ++i) pause.worked(0);
    EXPECT_EQ(pause.get(), WatchPause::kLongest);
}

TEST(WatchPause, IsShortAgainOnceSomethingWasDoneOrNothingIsDue) {
    WatchPause pause;
    for (int i = 0; i < 10; ++i) pause.worked(0);
    pause.worked(1);
    EXPECT_EQ(pause.get(), WatchPause::kShortest);
    pause.worked(0);
    pause.nothing_due();
    EXPECT_EQ(pause.get(), WatchPause::kShortest);
}

}  // namespace
}  // namespace coredepot::core
