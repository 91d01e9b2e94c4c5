// The same crashes in four builds of one program in Rust: tests/data/rust.

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/report/kind_names.hpp"
#include "decoder/support/crash_pairs.hpp"

namespace coredepot::decoder {
namespace {

using Names = std::vector<std::string>;

class SignatureOfRust : public testing::Test {
  protected:
    static void SetUpTestSuite() { reports() = test::decode_pairs("rust"); }
    static test::CrashPairs& reports() {
        static test::CrashPairs all;
        return all;
    }
    static const Crash& in_debug_build(int number) {
        return reports().at(number).at("debug").crash;
    }
};

TEST_F(SignatureOfRust, EachCrashHasOne) {
    ASSERT_EQ(reports().size(), 7U);
    for (const auto& [number, builds] : reports()) {
        EXPECT_EQ(builds.size(), 4U);
        for (const auto& [build, report] : builds) {
            EXPECT_EQ(report.crash.signature, in_debug_build(number).signature)
                << "crash " << number << " in " << build << ": " << report.crash.title;
        }
    }
}

TEST_F(SignatureOfRust, ImplementationsOfATraitAreTwo) {
    EXPECT_NE(in_debug_build(1).signature, in_debug_build(2).signature);
    EXPECT_EQ(in_debug_build(1).kind, kinds::kRustPanic);
    EXPECT_EQ(in_debug_build(1).functions,
              (Names{"<firmware::Thermometer as firmware::Driver>::read", "firmware::poll"}));
}

TEST_F(SignatureOfRust, ThePanicOfAClosureIsOfTheFunctionAroundIt) {
    EXPECT_EQ(in_debug_build(3).functions, (Names{"firmware::configure", "firmware::app_main"}));
}

TEST_F(SignatureOfRust, SizesOfAGenericTypeAreOneHoweverNamesAreMangled) {
    std::set<std::string> found;
    for (const int number : {4, 5}) {
        for (const auto& [build, report] : reports().at(number)) {
            found.insert(report.crash.signature);
        }
    }
    EXPECT_EQ(found.size(), 1U);
    EXPECT_EQ(in_debug_build(4).functions,
              (Names{"firmware::Ring<T>::push", "firmware::app_main"}));
}

TEST_F(SignatureOfRust, OfAGenericFunction) {
    EXPECT_EQ(in_debug_build(6).functions,
              (Names{"<firmware::Relay as firmware::Scale<T>>::scale", "firmware::scaled"}));
}

/// Optimized, such a function keeps no return address.
TEST_F(SignatureOfRust, OfAFunctionThatCallsNothingButAPanicThatIsAll) {
    EXPECT_EQ(in_debug_build(7).functions, Names{"firmware::check"});
    EXPECT_EQ(reports().at(7).at("fast").tasks.at(0).unwind_end,
              "nothing tells where the function at 0x4200010a kept its return address");
}

}  // namespace
}  // namespace coredepot::decoder
