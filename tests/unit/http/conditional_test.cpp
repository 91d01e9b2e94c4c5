#include "http/conditional.hpp"

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

constexpr const char* kTag = R"("abc")";

TEST(IfNoneMatch, NamesTheTag) {
    for (const auto* header : {R"("abc")", R"( "abc" )", R"("x", "abc")", R"("abc","x")",
                               "\"x\"\t,\t\"abc\"", R"(,,"abc")", "*", " * ", R"("x", *)"}) {
        EXPECT_TRUE(names_weakly(header, kTag)) << header;
    }
}

TEST(IfNoneMatch, ComparesWeakly) {
    EXPECT_TRUE(names_weakly(R"(W/"abc")", kTag));
    EXPECT_TRUE(names_weakly(R"("x", W/"abc")", kTag));
}

TEST(IfNoneMatch, NamesAnother) {
    for (const auto* header : {"", " ", ",", R"("")", "abc", R"("ABC")", R"("abcd")", R"("ab)",
                               "W/", R"(w/"abc")", R"("abc)", R"(abc")", R"("x" "abc")"}) {
        EXPECT_FALSE(names_weakly(header, kTag)) << header;
    }
}

TEST(IfMatch, ComparesStrongly) {
    for (const auto* header :
         {R"("abc")", R"("x", "abc")", "\"x\"\t,\t\"abc\"", "*", R"("x", *)"}) {
        EXPECT_TRUE(names_strongly(header, kTag)) << header;
    }
    for (const auto* header : {"", R"(W/"abc")", R"("x", W/"abc")", "abc", R"("abcd")", "W/*"}) {
        EXPECT_FALSE(names_strongly(header, kTag)) << header;
    }
}

Precondition judged(std::optional<std::string> if_match, const std::string& if_none_match) {
    Request request;
    request.if_match = std::move(if_match);
    request.if_none_match = if_none_match;
    return judge(request, kTag);
}

TEST(Preconditions, IfMatchGoesFirst) {
    EXPECT_EQ(judged(std::nullopt, ""), Precondition::Met);
    EXPECT_EQ(judged(std::nullopt, kTag), Precondition::NotModified);
    EXPECT_EQ(judged(R"("x")", ""), Precondition::Failed);
    EXPECT_EQ(judged(R"("x")", kTag), Precondition::Failed);
    EXPECT_EQ(judged(R"("x")", "*"), Precondition::Failed);
    EXPECT_EQ(judged(kTag, kTag), Precondition::NotModified);
    EXPECT_EQ(judged("*", R"("x")"), Precondition::Met);
    EXPECT_EQ(judged(kTag, ""), Precondition::Met);
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
