// Crashes at each instruction of libgcc's __riscv_save_N and __riscv_restore_N:
// tests/data/millicode.

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/support/samples.hpp"
#include "decoder/support/stopped_program.hpp"

namespace coredepot::decoder {
namespace {

using test::Stop;

std::filesystem::path millicode_dir() {
    return test::crash_dir().parent_path() / "millicode";
}

/// Labelled with gdb's backtrace, the innermost function first.
std::vector<Stop> stops() {
    return test::read_stops(millicode_dir() / "steps");
}

Report report_of(const Stop& stop, const std::string& elf) {
    return test::decode_stop(stop, millicode_dir() / elf);
}

/// Several of these functions begin at the same address, and any of their names will do.
std::string without_numbers(const std::string& backtrace) {
    return std::regex_replace(backtrace, std::regex{"(__riscv_[a-z]+_)[0-9]+"}, "$1N");
}

std::string backtrace_of(const Report& report) {
    std::string text;
    for (const Frame& frame : report.tasks.at(0).frames) {
        text += (text.empty() ? "" : ",") + frame.function;
    }
    return without_numbers(text);
}

TEST(Millicode, CallersAreThoseOfTheFunctionThatItWorksFor) {
    const auto all = stops();
    ASSERT_GT(all.size(), 40U);
    for (const Stop& stop : all) {
        const auto report = report_of(stop, "millicode.elf");
        EXPECT_EQ(backtrace_of(report), without_numbers(stop.label)) << stop.registers[0];
        EXPECT_EQ(report.tasks.at(0).unwind_end, "");
    }
}

TEST(Millicode, ArgumentsAreStillWhereTheyCame) {
    const std::string expected = "a=1 b=2 c=3 d=4 e=5 f=6 ";
    int seen = 0;
    for (const Stop& stop : stops()) {
        const auto report = report_of(stop, "millicode.elf");
        const Frame& caller = report.tasks.at(0).frames.at(1);
        if (!stop.label.starts_with("__riscv_save") || caller.function != "twelve") {
            continue;
        }
        std::string arguments;
        for (const Variable& argument : caller.args) {
            arguments += argument.name + '=' + argument.value + ' ';
        }
        EXPECT_EQ(arguments, expected);
        ++seen;
    }
    EXPECT_GT(seen, 10);
}

/// As toolchains come whose libraries were stripped.
TEST(Millicode, IsReadOffItsCodeWhereItHasNoCallFrameInformation) {
    int lost = 0;
    for (const Stop& stop : stops()) {
        const auto report = report_of(stop, "millicode-bare.elf");
        const bool same = backtrace_of(report) == without_numbers(stop.label);
        lost += same ? 0 : 1;
        // What the last instruction returns to depends on how many registers were to be saved.
        EXPECT_TRUE(same || stop.label.starts_with("__riscv_save_4")) << backtrace_of(report);
    }
    EXPECT_LE(lost, 1);
}

}  // namespace
}  // namespace coredepot::decoder
