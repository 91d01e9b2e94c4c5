// Arguments in fa0 to fa7, which no core dump holds: tests/data/floats. A value is right, or it is
// said not to be known.

#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "decoder/support/samples.hpp"
#include "decoder/support/stopped_program.hpp"

namespace coredepot::decoder {
namespace {

/// What the first of a function's floats is; each that follows is one more.
const std::map<std::string, float> kFirst = {{"inner", 1.5F}, {"middle", 11.5F}, {"outer", 21.5F}};

std::string expected(const std::string& function, const std::string& argument) {
    const auto whole = static_cast<int>(kFirst.at(function)) + argument.at(0) - 'a';
    return std::to_string(whole) + ".5";
}

bool is_unknown(const std::string& value) {
    return value == "<optimized out>" || value == "<unknown>";
}

class FloatArguments : public testing::TestWithParam<std::string> {
  protected:
    static Report decoded() {
        const auto folder = test::crash_dir().parent_path() / "floats";
        const auto stops = test::read_stops(folder / "stops");
        const auto stop = std::ranges::find(stops, GetParam(), &test::Stop::label);
        EXPECT_NE(stop, stops.end());
        return test::decode_stop(*stop, folder / (GetParam() + ".elf"));
    }
};

TEST_P(FloatArguments, AreRightOrNotKnown) {
    const Report report = decoded();
    std::string functions;
    int known = 0;
    for (const Frame& frame : report.tasks.at(0).frames) {
        functions += frame.function + ' ';
        for (const Variable& argument : frame.args) {
            if (argument.type != "float" || !kFirst.contains(frame.function)) continue;
            const auto right = expected(frame.function, argument.name);
            const auto where = frame.function + ' ' + argument.name;
            EXPECT_TRUE(argument.value == right || is_unknown(argument.value))
                << where << " = " << argument.value;
            EXPECT_TRUE(argument.entry_value.empty() || argument.entry_value == right)
                << where << " from " << argument.entry_value;
            known += argument.value == right ? 1 : 0;
        }
    }
    EXPECT_EQ(functions, "fault inner middle outer app_main _start ");
    // What a function needs again after a call, the function that it called has saved: all of
    // middle()'s and half of outer()'s. Without optimization all are on the stack.
    EXPECT_EQ(known, GetParam() == "plain" ? 24 : 12);
}

INSTANTIATE_TEST_SUITE_P(Builds, FloatArguments,
                         testing::Values("plain", "debug", "fast", "small", "closed"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace coredepot::decoder
