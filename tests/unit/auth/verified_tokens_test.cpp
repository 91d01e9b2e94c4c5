#include "auth/verified_tokens.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace coredepot::auth {
namespace {

VerifiedTokens::Entry of(const std::string& party, std::uint64_t keys = 1) {
    Claims claims;
    claims.authorized_party = party;
    return {{Algorithm::RS256, std::nullopt, std::move(claims)}, keys};
}

TEST(VerifiedTokens, AreFoundByAllOfTheirBytes) {
    VerifiedTokens tokens;
    EXPECT_EQ(tokens.find("a.b.c"), nullptr);
    tokens.add("a.b.c", of("one"));
    tokens.add("a.b.d", of("other"));
    ASSERT_NE(tokens.find("a.b.c"), nullptr);
    EXPECT_EQ(tokens.find("a.b.c")->token.claims.authorized_party, "one");
    EXPECT_EQ(tokens.find("a.b."), nullptr);
    EXPECT_EQ(tokens.find("a.b.cc"), nullptr);
}

TEST(VerifiedTokens, VerifiedAgainWithOtherKeys) {
    VerifiedTokens tokens;
    tokens.add("a.b.c", of("one", 1));
    tokens.add("a.b.c", of("one", 2));
    EXPECT_EQ(tokens.find("a.b.c")->keys, 2U);
}

TEST(VerifiedTokens, OfAFleetAllAreKept) {
    VerifiedTokens tokens;
    const auto name = [](std::size_t i) { return std::string(16'000, 'x') + std::to_string(i); };
    constexpr std::size_t kDevices = 3'000;
    for (std::size_t i = 0; i < kDevices; ++i) tokens.add(name(i), of("iotdevice-a-abcd1234"));
    for (std::size_t i = 0; i < kDevices; i += 100) EXPECT_NE(tokens.find(name(i)), nullptr) << i;
}

TEST(VerifiedTokens, NeverTooMany) {
    VerifiedTokens tokens;
    const auto name = [](std::size_t i) { return "token " + std::to_string(i); };
    const std::string party(10'000, 'p');
    const auto count = 3 * VerifiedTokens::kMostBytes / party.size();
    for (std::size_t i = 0; i < count; ++i) {
        tokens.add(name(i), of(party));
        EXPECT_NE(tokens.find(name(i)), nullptr);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) kept += tokens.find(name(i)) != nullptr ? 1 : 0;
    EXPECT_LE(kept * party.size(), VerifiedTokens::kMostBytes);
}

TEST(VerifiedTokens, OneThatIsTooLargeIsNotKept) {
    VerifiedTokens tokens;
    tokens.add("a", of(std::string(VerifiedTokens::kMostBytes, 'p')));
    EXPECT_EQ(tokens.find("a"), nullptr);
    tokens.add("b", of("one"));
    EXPECT_NE(tokens.find("b"), nullptr);
}

}  // namespace
}  // namespace coredepot::auth
