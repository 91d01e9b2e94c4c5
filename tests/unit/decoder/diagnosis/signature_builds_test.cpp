// The same crashes in four builds of one program: tests/data/pairs. What is one bug must have one
// signature in all of them, and what is not, another.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/report/kind_names.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/support/stopped_program.hpp"

namespace coredepot::decoder {
namespace {

/// By crash, then by build.
using Crashes = std::map<int, std::map<std::string, Crash>>;

class SignatureOfBuilds : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const auto folder = test::crash_dir().parent_path() / "pairs";
        for (const test::Stop& stop : test::read_stops(folder / "dumps")) {
            const auto comma = stop.label.find(',');
            const auto build = stop.label.substr(0, comma);
            crashes()[std::stoi(stop.label.substr(comma + 1))][build] =
                test::decode_stop(stop, folder / (build + ".elf")).crash;
        }
    }
    static Crashes& crashes() {
        static Crashes all;
        return all;
    }

    /// All of `numbers`, in all builds.
    static std::set<std::string> signatures(const std::vector<int>& numbers) {
        std::set<std::string> found;
        for (const int number : numbers) {
            for (const auto& [build, crash] : crashes().at(number)) found.insert(crash.signature);
        }
        return found;
    }
    static const Crash& in_debug_build(int number) { return crashes().at(number).at("debug"); }
};

TEST_F(SignatureOfBuilds, EachCrashHasOne) {
    ASSERT_EQ(crashes().size(), 13U);
    for (const auto& [number, builds] : crashes()) {
        EXPECT_EQ(builds.size(), 4U);
        for (const auto& [build, crash] : builds) {
            EXPECT_EQ(crash.signature, in_debug_build(number).signature)
                << "crash " << number << " in " << build << ": " << crash.title;
            EXPECT_EQ(crash.kind, in_debug_build(number).kind);
        }
    }
}

TEST_F(SignatureOfBuilds, LambdasOfOneFunctionAreOneAndThoseOfTwoAreTwo) {
    EXPECT_EQ(signatures({2, 3}).size(), 1U);
    EXPECT_EQ(signatures({1, 2, 3}).size(), 2U);
}

TEST_F(SignatureOfBuilds, SizesOfATemplateAreOne) {
    EXPECT_EQ(signatures({4, 5}).size(), 1U);
}

TEST_F(SignatureOfBuilds, ARecursionIsOneHoweverDeep) {
    EXPECT_EQ(signatures({6, 7}).size(), 1U);
}

TEST_F(SignatureOfBuilds, CheckedExpressionsAreTwo) {
    EXPECT_EQ(signatures({8, 9}).size(), 2U);
    EXPECT_EQ(in_debug_build(8).kind, kinds::kErrorCheck);
    EXPECT_EQ(in_debug_build(8).detail, "open_store()");
}

TEST_F(SignatureOfBuilds, ADamagedHeapIsOneWhoeverFindsIt) {
    EXPECT_EQ(signatures({10, 11}).size(), 1U);
    EXPECT_EQ(in_debug_build(10).kind, kinds::kHeapCorrupt);
}

TEST_F(SignatureOfBuilds, WhoAskedForMemoryCounts) {
    EXPECT_EQ(signatures({12, 13}).size(), 2U);
    EXPECT_EQ(in_debug_build(12).kind, kinds::kOutOfMemory);
}

}  // namespace
}  // namespace coredepot::decoder
