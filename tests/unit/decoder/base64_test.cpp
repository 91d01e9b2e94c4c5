#include "decoder/base64.hpp"

#include <gtest/gtest.h>

#include "decoder/samples.hpp"

namespace coredepot::decoder {
namespace {

using test::to_bytes;

TEST(Base64, EachLineEndsItsOwnPadding) {
    EXPECT_EQ(decode_base64_log("Zm9v\nYg==\nYmE=\nYmFy\n"), to_bytes("foobbabar"));
}

TEST(Base64, LinesEndWithCarriageReturnsAndBlanks) {
    EXPECT_EQ(decode_base64_log("Zm9v\r\n  YmFy \t\r\n"), to_bytes("foobar"));
}

TEST(Base64, LastLineNeedsNoNewline) {
    EXPECT_EQ(decode_base64_log("Zm9v\nYmE="), to_bytes("fooba"));
}

TEST(Base64, OnlyWhatIsBetweenTheMarkersCounts) {
    EXPECT_EQ(decode_base64_log("boot\nreboot12\n"
                                "================= CORE DUMP START =================\r\n"
                                "Zm9v\r\n"
                                "================= CORE DUMP END ===================\r\n"
                                "boot\n"),
              to_bytes("foo"));
}

TEST(Base64, TerminalProgramsPutTheTimeBeforeEachLine) {
    EXPECT_EQ(decode_base64_log("[12:00:01.000] boot\n"
                                "[12:00:01.001] ======= CORE DUMP START =======\r\n"
                                "[12:00:01.002] Zm9v\r\n"
                                "[12:00:01.003] YmE=\r\n"
                                "[12:00:01.004] ======= CORE DUMP END =======\r\n"),
              to_bytes("fooba"));
}

TEST(Base64, TheMarkerMayFollowAnotherMessage) {
    EXPECT_EQ(
        decode_base64_log("Print core dump to uart...======= CORE DUMP START =======\nZm9v\n"),
        to_bytes("foo"));
}

TEST(Base64, LogLinesInBetweenAreSkipped) {
    EXPECT_EQ(decode_base64_log("I (123) esp_core_dump_uart: Press Enter to print core dump\n"
                                "Zm9v\n"
                                "W (124) wdt: late\n"
                                "YmFy\n"),
              to_bytes("foobar"));
}

TEST(Base64, WhatIsNoBase64IsSkipped) {
    EXPECT_TRUE(decode_base64_log("").empty());
    EXPECT_TRUE(decode_base64_log("Zm9\n").empty());   // not a multiple of four
    EXPECT_TRUE(decode_base64_log("Z===\n").empty());  // three padding characters
    EXPECT_TRUE(decode_base64_log("Zm=v\n").empty());  // padding inside
    EXPECT_TRUE(decode_base64_log("Zm9-\n").empty());  // the URL alphabet
    EXPECT_TRUE(decode_base64_log("====\n").empty());
    EXPECT_TRUE(decode_base64_log("CORE DUMP START").empty());
}

}  // namespace
}  // namespace coredepot::decoder
