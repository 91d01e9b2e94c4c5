#include "auth/bearer_token.hpp"

#include <gtest/gtest.h>

#include "auth/identity.hpp"

namespace coredepot::auth {
namespace {

TEST(BearerToken, FollowsItsScheme) {
    EXPECT_EQ(bearer_token("Bearer a.b.c"), "a.b.c");
    EXPECT_EQ(bearer_token("bearer a.b.c"), "a.b.c");
    EXPECT_EQ(bearer_token("BEARER   A-_0.b.c"), "A-_0.b.c");
}

TEST(BearerToken, NoHeaderAndOtherSchemesBringNone) {
    EXPECT_FALSE(bearer_token(std::nullopt));
    for (const auto* header :
         {"", " ", "Basic dXNlcjpwYXNz", "Bearerx a.b.c", "Bear a.b.c", "a.b.c", " Bearer a.b.c",
          "DPoP a.b.c", "Bearer\ta.b.c", "Basic x, Bearer y"}) {
        EXPECT_FALSE(bearer_token(header)) << header;
    }
}

TEST(BearerToken, OneTokenAndNothingElse) {
    for (const auto* header :
         {"Bearer", "Bearer ", "Bearer a.b.c, Bearer d.e.f", "Bearer a.b.c,Basic x",
          "Bearer a.b.c ", "Bearer a b", "Bearer a.b.c=", "Bearer a+b", "Bearer a/b",
          "Bearer \"a\"", "Bearer a\x01", "Bearer \xc3\xa4"}) {
        EXPECT_THROW(bearer_token(header), InvalidToken) << header;
    }
}

TEST(BearerToken, NoLongerThan16KiB) {
    const std::string longest(kMaxTokenBytes, 'a');
    EXPECT_EQ(bearer_token("Bearer " + longest), longest);
    EXPECT_THROW(bearer_token("Bearer " + longest + 'a'), InvalidToken);
    EXPECT_THROW(bearer_token("Bearer " + std::string(1'000'000, 'a')), InvalidToken);
}

}  // namespace
}  // namespace coredepot::auth
