#include <gtest/gtest.h>

#include "decoder/diagnosis/signature.hpp"
#include "decoder/support/crash_builder.hpp"

namespace coredepot::decoder {
namespace {

using namespace test;

TEST(SignatureQuality, IsFullWhereNothingLacks) {
    const auto crash = describe_crash(test::crash(frames({"f", "g"})));
    EXPECT_EQ(crash.quality, Quality::Full);
    EXPECT_EQ(crash.quality_reason, "");
    EXPECT_EQ(describe_crash(test::crash(frames({"app_main"}))).quality, Quality::Full)
        << "the backtrace has no more";
}

TEST(SignatureQuality, IsShortWhereTheBacktraceEndedEarly) {
    auto report = test::crash(frames({"f"}));
    report.tasks.front().unwind_end = "the return address 0x0 is not code";
    EXPECT_EQ(describe_crash(report).quality, Quality::Short);
    EXPECT_EQ(describe_crash(report).quality_reason,
              "The backtrace ended early: the return address 0x0 is not code.");
    report.tasks.front().frames = frames({"f", "g"});
    EXPECT_EQ(describe_crash(report).quality, Quality::Full) << "there is enough of it";
    report.panic_reason = "***ERROR*** A stack overflow in task net has been detected.";
    report.tasks.front().frames.clear();
    EXPECT_EQ(describe_crash(report).quality, Quality::Full) << "the task says it all";
    report = test::crash({});
    EXPECT_EQ(describe_crash(report).quality, Quality::Short);
    report.tasks.front().crashed = false;
    EXPECT_EQ(describe_crash(report).quality_reason,
              "The device left the task that crashed out of the dump.");
}

TEST(SignatureQuality, IsShortWithoutTheDetail) {
    const auto report =
        crash(aborting() +
              std::vector<Frame>{idf("__assert_func", "newlib/assert.c"), frame("f"), frame("g")});
    EXPECT_EQ(describe_crash(report).kind, "Assertion failed");
    EXPECT_EQ(describe_crash(report).quality, Quality::Short);
}

TEST(SignatureQuality, IsGuessedOfGuessedFrames) {
    auto report = crash({frame("memcpy", "", 0), frame("f"), frame("g"), frame("h")});
    auto& backtrace = report.tasks.front().frames;
    backtrace[2].guessed = true;
    EXPECT_EQ(describe_crash(report).quality, Quality::Full);
    EXPECT_EQ(describe_crash(report).functions, (std::vector<std::string>{"f", "h"}));
    EXPECT_EQ(describe_crash(report).skipped.back(), (SkippedFrame{"g", "guessed"}));
    backtrace[3].guessed = true;
    EXPECT_EQ(describe_crash(report).quality, Quality::Guessed) << "f is not enough";
    EXPECT_EQ(describe_crash(report).functions, (std::vector<std::string>{"f", "g"}));
}

TEST(SignatureQuality, IsUnverifiedWithoutTheElfsName) {
    auto report = crash(frames({"f", "g"}));
    report.elf_verified = false;
    EXPECT_EQ(describe_crash(report).quality, Quality::Unverified);
    EXPECT_NE(describe_crash(report).quality_reason, "");
    EXPECT_TRUE(describe_crash(report).title.ends_with(" (ELF not verified)"));
    report.elf_verified = true;
    EXPECT_EQ(describe_crash(report).title.find("verified"), std::string::npos);
}

}  // namespace
}  // namespace coredepot::decoder
