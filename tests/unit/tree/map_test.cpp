// shared/README.md says where things are: what it names is there.

#include <filesystem>

#include <gtest/gtest.h>

#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

namespace fs = std::filesystem;

TEST(Map, EveryPlaceIsThere) {
    const fs::path root = COREDEPOT_SOURCE_DIR;
    const auto places = test::matches(test::source("shared/README.md"),
                                      R"(`([\w/.]+\.(?:cpp|hpp|sql|md|in|txt))`)");
    EXPECT_GT(places.size(), 40U) << "is the table still there?";
    for (const auto& place : places) {
        EXPECT_TRUE(fs::exists(root / "shared" / place) || fs::exists(root / place)) << place;
    }
}

TEST(Map, EveryRoomIsOnIt) {
    const auto rooms = test::matches(test::source("shared/README.md"), R"(\n\| `(\w+)/` \|)");
    for (const auto& entry : fs::directory_iterator(fs::path(COREDEPOT_SOURCE_DIR) / "shared")) {
        if (!entry.is_directory()) continue;
        EXPECT_TRUE(rooms.contains(entry.path().filename())) << entry.path();
    }
}

TEST(Map, EveryUseCaseIsOnIt) {
    const auto use_cases = test::matches(test::source("shared/README.md"), R"(\| `(\w+)/` \|\n)");
    for (const auto& entry :
         fs::directory_iterator(fs::path(COREDEPOT_SOURCE_DIR) / "shared/core")) {
        if (!entry.is_directory()) continue;
        EXPECT_TRUE(use_cases.contains(entry.path().filename())) << entry.path();
    }
}

// The rooms of the tests are those of the sources, but for those that have no sources.
TEST(Map, TestsAreInTheRoomsOfWhatTheyTest) {
    const fs::path root = COREDEPOT_SOURCE_DIR;
    for (const auto& entry : fs::recursive_directory_iterator(root / "tests/unit")) {
        const auto room = entry.path().lexically_relative(root / "tests/unit");
        if (!entry.is_directory() || room == "tools" || room == "tree") continue;
        if (room == "decoder/support") continue;
        EXPECT_TRUE(fs::is_directory(root / "shared" / room)) << entry.path();
    }
}

}  // namespace
}  // namespace coredepot
