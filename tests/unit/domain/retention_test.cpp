#include "domain/retention.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using Ids = std::vector<std::int64_t>;

/// A device's core dumps from what a letter each says of their signatures, newest first; a dot for
/// none. The newest has the id 1 and was just accepted.
std::vector<KeptCoredump> coredumps(const std::string& signatures) {
    std::vector<KeptCoredump> newest_first;
    for (const char letter : signatures) {
        const auto id = static_cast<std::int64_t>(newest_first.size()) + 1;
        newest_first.push_back(
            {id, letter == '.' ? std::nullopt : std::optional(std::string(1, letter))});
    }
    return newest_first;
}

/// What stays of them, newest first.
std::string kept(const std::string& signatures, std::size_t keep, std::int64_t accepted = 1) {
    const auto gone = surplus(coredumps(signatures), accepted, keep);
    std::string rest;
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        if (std::ranges::find(gone, static_cast<std::int64_t>(i) + 1) == gone.end()) {
            rest += signatures[i];
        }
    }
    return rest;
}

TEST(Surplus, WithinTheLimitNothingGoes) {
    EXPECT_EQ(surplus({}, 1, 3), Ids{});
    EXPECT_EQ(surplus(coredumps("."), 1, 1), Ids{});
    EXPECT_EQ(surplus(coredumps(".aab"), 1, 4), Ids{});
}

TEST(Surplus, WithoutSignaturesTheOldestGo) {
    EXPECT_EQ(surplus(coredumps("....."), 1, 3), (Ids{4, 5}));
}

TEST(Surplus, OfOneSignatureTheOldestGo) {
    EXPECT_EQ(surplus(coredumps("aaaaa"), 1, 3), (Ids{4, 5}));
}

TEST(Surplus, MilestonesGoLast) {
    auto all = coredumps(".aaaab");
    all[3].is_milestone = true;
    all[5].is_milestone = true;
    EXPECT_EQ(surplus(all, 1, 4), (Ids{3, 5}));
    EXPECT_EQ(surplus(all, 1, 3), (Ids{2, 3, 5}));
    EXPECT_EQ(surplus(all, 1, 2), (Ids{4, 2, 3, 5}));
    EXPECT_EQ(surplus(all, 2, 3), (Ids{1, 3, 5}));
}

TEST(MissingFree, IsWhatAPercentageLacks) {
    EXPECT_EQ(missing_free(100, 1000, 10), 0U);
    EXPECT_EQ(missing_free(99, 1000, 10), 1U);
    EXPECT_EQ(missing_free(0, 1000, 0), 0U);
    EXPECT_EQ(missing_free(0, 99, 50), 49U);
    constexpr std::uint64_t kLarge = std::uint64_t{1} << 63;
    EXPECT_EQ(missing_free(0, kLarge, 50), kLarge / 2);
}

TEST(Surplus, WhereAllDifferTheOldestGo) {
    EXPECT_EQ(kept(".abcd", 3), ".ab");
}

TEST(Surplus, ACrashLoopLeavesTheOthersAlone) {
    EXPECT_EQ(kept(".aaaaabc", 4), ".abc");
    EXPECT_EQ(kept(".aaaaabc", 5), ".aabc");
}

TEST(Surplus, OfTheNoisiestTheOldestRepeatGoes) {
    EXPECT_EQ(surplus(coredumps(".abababaa"), 1, 8), (Ids{9}));
    EXPECT_EQ(surplus(coredumps(".bbaaa"), 1, 5), (Ids{6}));
}

TEST(Surplus, OfTwoThatAreEquallyNoisyTheOldestGoes) {
    EXPECT_EQ(surplus(coredumps(".aabb"), 1, 4), (Ids{5}));
    EXPECT_EQ(surplus(coredumps(".bbaa"), 1, 4), (Ids{5}));
    EXPECT_EQ(surplus(coredumps(".abab"), 1, 4), (Ids{5}));
}

TEST(Surplus, WhatIsNotParsedYetCountsAsOneBug) {
    // A loop while the sidecar is away.
    EXPECT_EQ(kept(".....abc", 5), "..abc");
}

TEST(Surplus, TheAcceptedOneStaysHoweverOldItLooks) {
    EXPECT_EQ(surplus(coredumps("abc."), 4, 2), (Ids{2, 3}));
    EXPECT_EQ(surplus(coredumps("...."), 4, 1), (Ids{1, 2, 3}));
    EXPECT_EQ(surplus(coredumps("aaaa"), 4, 2), (Ids{2, 3}));
}

/// The rule in other words: as long as there are too many, the oldest of the noisiest goes.
std::set<std::int64_t> step_by_step(const std::vector<KeptCoredump>& newest_first,
                                    std::size_t keep) {
    auto rest = newest_first;
    std::set<std::int64_t> gone;
    while (rest.size() > keep) {
        const auto of_its_bug = [&](const KeptCoredump& one) {
            return std::ranges::count(rest, one.signature, &KeptCoredump::signature);
        };
        auto victim = rest.begin();
        for (auto one = rest.begin(); one != rest.end(); ++one) {
            if (one->id != 1 && (victim->id == 1 || of_its_bug(*one) >= of_its_bug(*victim))) {
                victim = one;
            }
        }
        gone.insert(victim->id);
        rest.erase(victim);
    }
    return gone;
}

TEST(Surplus, IsWhatRemovingOneByOneComesTo) {
    std::mt19937 random(17);  // the same cases each time
    for (int round = 0; round < 2000; ++round) {
        std::string signatures = ".";
        for (auto more = random() % 12; more > 0; --more) signatures += ".abcd"[random() % 5];
        const auto all = coredumps(signatures);
        const auto keep = 1 + random() % 8;
        const auto ids = surplus(all, 1, keep);
        EXPECT_EQ(std::set(ids.begin(), ids.end()), step_by_step(all, keep))
            << signatures << ' ' << keep;
    }
}

}  // namespace
}  // namespace coredepot
