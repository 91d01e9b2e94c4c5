#include "http/path_pattern.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr const char* kList = "/api/devices/{device_id}/coredumps[/]";
constexpr const char* kOne = "/api/devices/{device_id}/coredumps/{id}";

TEST(PathPattern, PlainTextMatchesItself) {
    EXPECT_TRUE(match_path("/health", "/health"));
    for (const auto* path : {"", "/", "health", "/health/", "//health", "/healthy", "/Health",
                             "/health\n", "/api/health"}) {
        EXPECT_FALSE(match_path("/health", path)) << path;
    }
}

TEST(PathPattern, NamesTakeOneSegmentEach) {
    const auto parameters = match_path(kOne, "/api/devices/17/coredumps/abc");
    ASSERT_TRUE(parameters);
    EXPECT_EQ(*parameters, (PathParameters{{"device_id", "17"}, {"id", "abc"}}));
}

TEST(PathPattern, ASegmentMayHaveAnyBytesButASlash) {
    EXPECT_EQ(match_path("/a/{x}", "/a/..")->at("x"), "..");
    EXPECT_EQ(match_path("/a/{x}", "/a/{x}")->at("x"), "{x}");
    EXPECT_EQ(match_path("/a/{x}", "/a/ \xff%2F")->at("x"), " \xff%2F");
    EXPECT_FALSE(match_path("/a/{x}", "/a/b/c"));
}

TEST(PathPattern, ASegmentIsNeverEmpty) {
    for (const auto* path : {"/api/devices//coredumps/5", "/api/devices/1/coredumps/",
                             "/api/devices/1//coredumps/5", "/api/devices/1/coredumps/5/"}) {
        EXPECT_FALSE(match_path(kOne, path)) << path;
    }
}

TEST(PathPattern, TheLastSlashMayBeThere) {
    EXPECT_TRUE(match_path(kList, "/api/devices/1/coredumps"));
    EXPECT_TRUE(match_path(kList, "/api/devices/1/coredumps/"));
    EXPECT_EQ(match_path(kList, "/api/devices/1/coredumps/")->at("device_id"), "1");
    for (const auto* path : {"/api/devices/1/coredumps//", "/api/devices/1/coredumps/5",
                             "/api/devices//coredumps/", "/api/devices/1/coredump/"}) {
        EXPECT_FALSE(match_path(kList, path)) << path;
    }
}

TEST(PathPattern, PrefixesAndExtensionsDoNotMatch) {
    EXPECT_FALSE(match_path(kOne, "/api/devices/1/coredumps/5/download"));
    EXPECT_FALSE(match_path(kOne, "/api/devices/1"));
    EXPECT_FALSE(match_path("/api/device-models/{id}", "/api/device-models"));
}

}  // namespace
}  // namespace coredepot::http
