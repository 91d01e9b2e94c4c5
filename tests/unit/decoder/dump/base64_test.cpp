#include "decoder/dump/base64.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::Bytes;
using test::to_bytes;

/// A line that is long enough to be a header.
const std::string kHeader = "MDEyMzQ1Njc4OWFi\n";
const std::string kHeaderText = "0123456789ab";

Bytes only_dump(const std::string& log) {
    const auto dumps = decode_base64_log(log);
    EXPECT_EQ(dumps.size(), 1U);
    return dumps.at(0);
}

TEST(Base64, EachLineEndsItsOwnPadding) {
    EXPECT_EQ(only_dump(kHeader + "Yg==\nYmE=\nYmFy\n"), to_bytes(kHeaderText + "bbabar"));
}

TEST(Base64, LinesEndWithCarriageReturnsAndBlanks) {
    EXPECT_EQ(only_dump("MDEyMzQ1Njc4OWFi\r\n  YmFy \t\r\n"), to_bytes(kHeaderText + "bar"));
}

TEST(Base64, LastLineNeedsNoNewline) {
    EXPECT_EQ(only_dump(kHeader + "YmE="), to_bytes(kHeaderText + "ba"));
}

TEST(Base64, OnlyWhatIsBetweenTheMarkersCounts) {
    EXPECT_EQ(only_dump("boot\nreboot12\n"
                        "================= CORE DUMP START =================\r\n"
                        "Zm9v\r\n"
                        "================= CORE DUMP END ===================\r\n"
                        "boot\n"),
              to_bytes("foo"));
}

TEST(Base64, TerminalProgramsPutTheTimeBeforeEachLine) {
    EXPECT_EQ(only_dump("[12:00:01.000] boot\n"
                        "[12:00:01.001] ======= CORE DUMP START =======\r\n"
                        "[12:00:01.002] Zm9v\r\n"
                        "[12:00:01.003] YmE=\r\n"
                        "[12:00:01.004] ======= CORE DUMP END =======\r\n"),
              to_bytes("fooba"));
}

TEST(Base64, TheMarkerMayFollowAnotherMessage) {
    EXPECT_EQ(only_dump("Print core dump to uart...======= CORE DUMP START =======\nZm9v\n"),
              to_bytes("foo"));
}

TEST(Base64, LogLinesInBetweenAreSkipped) {
    EXPECT_EQ(only_dump("I (123) esp_core_dump_uart: Press Enter to print core dump\n"
                        "boot\n"
                        "MDEyMzQ1Njc4OWFi\n"
                        "W (124) wdt: late\n"
                        "YmFy\n"),
              to_bytes(kHeaderText + "bar"))
        << "and words in front of it";
}

TEST(Base64, ADumpEndsWhereTheNextOneStarts) {
    const auto dumps = decode_base64_log(
        "= CORE DUMP START =\nZm9v\nrst:0x1 (POWERON)\n"
        "= CORE DUMP START =\nYmFy\n= CORE DUMP END =\nboot\n"
        "= CORE DUMP START =\n");
    EXPECT_EQ(dumps, (std::vector<Bytes>{to_bytes("foo"), to_bytes("bar"), {}}));
}

TEST(Base64, WhatIsNoBase64IsSkipped) {
    EXPECT_TRUE(only_dump("").empty());
    EXPECT_TRUE(only_dump("MDEyMzQ1Njc4OWF\n").empty());    // not a multiple of four
    EXPECT_TRUE(only_dump("MDEyMzQ1Njc4OW===\n").empty());  // three padding characters
    EXPECT_TRUE(only_dump("Zm=v\n").empty());               // padding inside
    EXPECT_TRUE(only_dump("Zm9-\n").empty());               // the URL alphabet
    EXPECT_TRUE(only_dump("====\n").empty());
    EXPECT_TRUE(only_dump("CORE DUMP START").empty());
}

}  // namespace
}  // namespace coredepot::decoder
