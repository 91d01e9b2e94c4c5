// Crashes at each instruction of libgcc's __riscv_save_N and __riscv_restore_N:
// tests/data/millicode.

#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kNotedRegisters = 32;

std::filesystem::path millicode_dir() {
    return test::crash_dir().parent_path() / "millicode";
}

/// A line of `steps`.
struct Stop {
    std::string backtrace;  ///< gdb's, the innermost function first
    std::vector<std::uint32_t> registers;
    std::vector<std::uint32_t> stack;
};

std::vector<Stop> stops() {
    std::istringstream lines{test::read_text(millicode_dir() / "steps")};
    std::vector<Stop> all;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        Stop stop;
        words >> stop.backtrace >> std::hex;
        for (std::string word; words >> word;) {
            if (word == "-") {
                continue;
            }
            auto& list = stop.registers.size() < kNotedRegisters ? stop.registers : stop.stack;
            list.push_back(static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)));
        }
        all.push_back(std::move(stop));
    }
    return all;
}

Report decode_stop(const Stop& stop, const std::string& elf) {
    test::CoreBuilder core{kMachineRiscV};
    core.task(0x3FC70000, stop.registers);
    core.memory(stop.registers.at(2), test::Writer{}.words(stop.stack).content());
    core.memory(0x3FC70000, test::tcb("main", 1, stop.registers.at(2), 0x3FC80000, 0x3FC80400));
    return decode(core.build(), millicode_dir() / elf, "esp32c3");
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
        const auto report = decode_stop(stop, "millicode.elf");
        EXPECT_EQ(backtrace_of(report), without_numbers(stop.backtrace)) << stop.registers[0];
        EXPECT_EQ(report.tasks.at(0).unwind_end, "");
    }
}

TEST(Millicode, ArgumentsAreStillWhereTheyCame) {
    const std::string expected = "a=1 b=2 c=3 d=4 e=5 f=6 ";
    int seen = 0;
    for (const Stop& stop : stops()) {
        const auto report = decode_stop(stop, "millicode.elf");
        const Frame& caller = report.tasks.at(0).frames.at(1);
        if (!stop.backtrace.starts_with("__riscv_save") || caller.function != "twelve") {
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
        const auto report = decode_stop(stop, "millicode-bare.elf");
        const bool same = backtrace_of(report) == without_numbers(stop.backtrace);
        lost += same ? 0 : 1;
        // What the last instruction returns to depends on how many registers were to be saved.
        EXPECT_TRUE(same || stop.backtrace.starts_with("__riscv_save_4")) << backtrace_of(report);
    }
    EXPECT_LE(lost, 1);
}

}  // namespace
}  // namespace coredepot::decoder
