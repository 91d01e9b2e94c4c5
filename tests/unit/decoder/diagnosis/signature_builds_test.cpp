// The same crashes in four builds of one program: tests/data/pairs. What is one bug must have one
// signature in all of them, and what is not, another.

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/report/kind_names.hpp"
#include "decoder/support/crash_pairs.hpp"

namespace coredepot::decoder {
namespace {

using Names = std::vector<std::string>;

/// From this crash on, an optimizer leaves too little (docs/signatures.md).
constexpr int kFirstThatIsSplit = 60;

class SignatureOfBuilds : public testing::Test {
  protected:
    static void SetUpTestSuite() { reports() = test::decode_pairs("pairs"); }
    static test::CrashPairs& reports() {
        static test::CrashPairs all;
        return all;
    }

    /// All of `numbers`, in all builds.
    static std::set<std::string> signatures(const std::vector<int>& numbers) {
        std::set<std::string> found;
        for (const int number : numbers) {
            for (const auto& [build, report] : reports().at(number)) {
                if (build != "mixed") found.insert(report.crash.signature);
            }
        }
        return found;
    }
    static const Crash& in_debug_build(int number) {
        return reports().at(number).at("debug").crash;
    }
    /// Of the task that the kind is about.
    static bool has_title(int number, const std::string& part) {
        return std::ranges::all_of(reports().at(number), [&](const auto& entry) {
            return entry.second.crash.title.find(part) != std::string::npos;
        });
    }
};

TEST_F(SignatureOfBuilds, EachCrashHasOne) {
    ASSERT_EQ(reports().size(), 46U);
    for (const auto& [number, builds] : reports()) {
        EXPECT_GE(builds.size(), 4U);
        if (number >= kFirstThatIsSplit) continue;
        for (const auto& [build, report] : builds) {
            if (build == "mixed") continue;
            EXPECT_EQ(report.crash.signature, in_debug_build(number).signature)
                << "crash " << number << " in " << build << ": " << report.crash.title;
            EXPECT_EQ(report.crash.kind, in_debug_build(number).kind);
        }
    }
}

TEST_F(SignatureOfBuilds, LambdasOfOneFunctionAreOneAndThoseOfTwoAreTwo) {
    EXPECT_EQ(signatures({2, 3}).size(), 1U);
    EXPECT_EQ(signatures({1, 2, 3}).size(), 2U);
}

TEST_F(SignatureOfBuilds, ALambdaIsOneHoweverItIsCalled) {
    EXPECT_EQ(signatures({16, 17}).size(), 1U);
    EXPECT_EQ(signatures({2, 16}).size(), 2U);
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

/// A text that the program never reads is in no section: only the debug information has it.
TEST_F(SignatureOfBuilds, ACheckedExpressionCountsAlsoWhereNobodyPrintsIt) {
    const Report& silent = reports().at(8).at("silent");
    EXPECT_EQ(silent.crash.detail, "open_store()");
    EXPECT_EQ(silent.crash.quality, Quality::Full);
    EXPECT_EQ(silent.crash.signature, in_debug_build(8).signature);
}

TEST_F(SignatureOfBuilds, ADamagedHeapIsOneWhoeverFindsIt) {
    EXPECT_EQ(signatures({10, 11}).size(), 1U);
    EXPECT_EQ(in_debug_build(10).kind, kinds::kHeapCorrupt);
}

TEST_F(SignatureOfBuilds, WhoAskedForMemoryCounts) {
    EXPECT_EQ(signatures({12, 13}).size(), 2U);
    EXPECT_EQ(in_debug_build(12).kind, kinds::kOutOfMemory);
}

TEST_F(SignatureOfBuilds, AStarvedTaskIsOneWhomeverTheWatchdogInterrupts) {
    EXPECT_EQ(signatures({30, 31}).size(), 1U) << "in the idle task, in another";
    EXPECT_EQ(signatures({33, 34, 35}).size(), 1U) << "at three places of its loop";
    EXPECT_EQ(signatures({30, 31, 33, 34, 35}).size(), 1U);
    EXPECT_EQ(signatures({30, 32}).size(), 2U) << "another task";
    EXPECT_EQ(in_debug_build(30).kind, kinds::kTaskWatchdog);
    EXPECT_EQ(in_debug_build(30).detail, "worker_a");
    EXPECT_TRUE(has_title(32, "Task watchdog: worker_b in "));
}

TEST_F(SignatureOfBuilds, OfAStarvedIdleTaskWhoeverRunsIsTheOne) {
    EXPECT_EQ(signatures({36, 37}).size(), 1U);
    EXPECT_EQ(signatures({36, 37, 38}).size(), 2U);
    EXPECT_EQ(in_debug_build(36).functions, Names{"(anonymous namespace)::worker_a (tasks.cpp)"});
    EXPECT_EQ(in_debug_build(38).functions, Names{"(anonymous namespace)::worker_b (tasks.cpp)"});
}

TEST_F(SignatureOfBuilds, AnOverflowedStackIsOneWhereverItIsFound) {
    EXPECT_EQ(signatures({40, 41}).size(), 1U);
    EXPECT_EQ(signatures({40, 42}).size(), 2U);
    EXPECT_EQ(in_debug_build(41).title, "Stack overflow in task worker_a");
}

/// By arrays that are larger than all of the stack.
TEST_F(SignatureOfBuilds, AStackThatOverflowedByFarIsOneLikewise) {
    EXPECT_EQ(signatures({40, 43, 44}).size(), 1U);
    EXPECT_EQ(signatures({42, 45}).size(), 1U);
    for (const int number : {43, 44, 45}) {
        for (const auto& [build, report] : reports().at(number)) {
            if (build == "mixed") continue;
            const Task& task = report.tasks.at(0);
            EXPECT_GT(*task.stack_start - *task.stack_pointer, *task.stack_end - *task.stack_start)
                << build;
        }
    }
    EXPECT_EQ(in_debug_build(44).title, "Stack overflow in task worker_a");
}

TEST_F(SignatureOfBuilds, TextsDifferByWhatStaysTheSameInThem) {
    EXPECT_EQ(signatures({20, 21}).size(), 1U);
    EXPECT_EQ(signatures({20, 22}).size(), 2U);
    EXPECT_EQ(in_debug_build(20).detail, "cannot join *: *");
    EXPECT_EQ(reports().at(21).at("fast").panic_reason, "cannot join 'Caf\xc3\xa9 2': -17");
}

TEST_F(SignatureOfBuilds, DotsThatAreNoSuffixStay) {
    EXPECT_TRUE(has_title(50, "store (system.hpp:"));
    const Frame& write = reports().at(50).at("fast").tasks.at(0).frames.at(1);
    EXPECT_EQ(write.function, "(anonymous namespace)::Sink<void(char const*, ...)>::write");
    EXPECT_EQ(in_debug_build(50).functions.at(1),
              "(anonymous namespace)::Sink<T>::write (components.cpp)");
}

/// The library is the same in every build, and what calls it is not.
TEST_F(SignatureOfBuilds, FunctionsWithoutDebugInformationCountWithoutTheCompilersSuffixes) {
    EXPECT_EQ(signatures({55, 56}).size(), 2U);
    for (const auto& [build, report] : reports().at(55)) {
        if (build == "mixed") continue;
        EXPECT_EQ(report.tasks.at(0).frames.at(0).function, "closed::mix") << build;
        EXPECT_EQ(report.crash.functions, (Names{"closed::mix", "closed_play"})) << build;
    }
}

/// Compiled by the linker together with what has debug information, they are described without a
/// name.
TEST_F(SignatureOfBuilds, FunctionsThatAreDescribedWithoutANameHaveThatOfTheirSymbol) {
    const Report& report = reports().at(55).at("mixed");
    EXPECT_EQ(report.tasks.at(0).frames.at(0).function, "closed::mix");
    EXPECT_EQ(report.crash.functions, (Names{"closed::mix", "closed_play"}));
    EXPECT_TRUE(report.findings.empty()) << report.findings.front();
}

TEST_F(SignatureOfBuilds, ACrashDeepInAComponentIsOfWhoCalledIt) {
    EXPECT_EQ(signatures({51, 52}).size(), 2U);
    EXPECT_EQ(in_debug_build(51).functions,
              (Names{"(anonymous namespace)::codec_read_block (codec.cpp)",
                     "(anonymous namespace)::show_picture (components.cpp)"}));
    EXPECT_TRUE(has_title(52, " in (anonymous namespace)::read_picture (components.cpp:"));
}

TEST_F(SignatureOfBuilds, LocalFunctionsOfTwoFilesAreTwo) {
    EXPECT_EQ(signatures({53, 54}).size(), 2U);
    EXPECT_EQ(in_debug_build(53).functions.at(1), "handler (wifi.cpp)");
}

/// The caller of a function that kept no return address is not known.
TEST_F(SignatureOfBuilds, ABacktraceThatEndsEarlyIsShort) {
    const Crash& whole = in_debug_build(60);
    EXPECT_EQ(whole.quality, Quality::Full);
    EXPECT_EQ(whole.functions, (Names{"(anonymous namespace)::stop (text.cpp)",
                                      "(anonymous namespace)::check_door (text.cpp)"}));
    const Crash& cut = reports().at(60).at("small").crash;
    EXPECT_EQ(cut.quality, Quality::Short) << cut.title;
    EXPECT_EQ(cut.functions, Names{whole.functions.front()});
    EXPECT_NE(cut.signature, whole.signature);
}

/// Of calls that became jumps, two signatures have the innermost function in common.
TEST_F(SignatureOfBuilds, AWayThatIsNotKnownSplitsABug) {
    const Crash& whole = in_debug_build(61);
    const Crash& jumped = reports().at(61).at("fast").crash;
    EXPECT_NE(jumped.signature, whole.signature);
    EXPECT_EQ(jumped.functions.front(), whole.functions.front());
}

TEST_F(SignatureOfBuilds, ATeamsOwnFatalErrorIsPassedOver) {
    const auto passed = test::decode_pairs("pairs", {{"(anonymous namespace)::app_fatal"}, {}});
    std::set<std::string> found;
    for (const int number : {23, 24}) {
        for (const auto& [build, report] : passed.at(number)) {
            found.insert(report.crash.signature);
            EXPECT_NE(report.crash.signature, in_debug_build(number).signature);
        }
    }
    EXPECT_EQ(found.size(), 2U);
    EXPECT_EQ(passed.at(23).at("small").crash.functions.front(),
              "(anonymous namespace)::check_pump (text.cpp)");
}

}  // namespace
}  // namespace coredepot::decoder
