#include "http/conditional.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr const char* kTag = R"("abc")";

TEST(IfNoneMatch, NamesTheTag) {
    for (const auto* header : {R"("abc")", R"( "abc" )", R"("x", "abc")", R"("abc","x")",
                               "\"x\"\t,\t\"abc\"", R"(,,"abc")", "*", " * ", R"("x", *)"}) {
        EXPECT_TRUE(matches_etag(header, kTag)) << header;
    }
}

TEST(IfNoneMatch, ComparesWeakly) {
    EXPECT_TRUE(matches_etag(R"(W/"abc")", kTag));
    EXPECT_TRUE(matches_etag(R"("x", W/"abc")", kTag));
}

TEST(IfNoneMatch, NamesAnother) {
    for (const auto* header : {"", " ", ",", R"("")", "abc", R"("ABC")", R"("abcd")", R"("ab)",
                               "W/", R"(w/"abc")", R"("abc)", R"(abc")", R"("x" "abc")"}) {
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
