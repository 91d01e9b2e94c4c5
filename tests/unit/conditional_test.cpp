#include "http/conditional.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr const char* kTag = "\"abc\"";

TEST(IfNoneMatch, NamesTheTag) {
    for (const auto* header : {"\"abc\"", " \"abc\" ", "\"x\", \"abc\"", "\"abc\",\"x\"",
                               "\"x\"\t,\t\"abc\"", ",,\"abc\"", "*", " * ", "\"x\", *"}) {
        EXPECT_TRUE(matches_etag(header, kTag)) << header;
    }
}

TEST(IfNoneMatch, ComparesWeakly) {
    EXPECT_TRUE(matches_etag("W/\"abc\"", kTag));
    EXPECT_TRUE(matches_etag("\"x\", W/\"abc\"", kTag));
}

TEST(IfNoneMatch, NamesAnother) {
    for (const auto* header : {"", " ", ",", "\"\"", "abc", "\"ABC\"", "\"abcd\"", "\"ab", "W/",
                               "w/\"abc\"", "\"abc", "abc\"", "\"x\" \"abc\""}) {
        EXPECT_FALSE(matches_etag(header, kTag)) << header;
    }
}

TEST(NotModified, HasTheTagAndNoBody) {
    const auto response = not_modified(kTag);
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.body, "");
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0], (std::pair<std::string, std::string>{"ETag", kTag}));
}

}  // namespace
}  // namespace coredepot::http
