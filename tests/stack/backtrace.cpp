#include "backtrace.hpp"

#include <regex>
#include <sstream>

#include <gtest/gtest.h>

namespace coredepot::test {
namespace {

/// `#3 function file:line`; "" when the line is no frame.
std::string short_frame(const std::string& line) {
    static const std::regex pattern(
        R"((#[0-9]+) +0x[0-9a-f]{8} in (\S+) \(.*\)(?: at (\S+:[0-9]+))?(?: \[guessed\])?)");
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) return "";
    return match.str(1) + ' ' + match.str(2) + (match.length(3) > 0 ? ' ' + match.str(3) : "");
}

/// The frames under each heading of an output that `heading` matches, whose first
/// group is the name of the task.
std::string frames_under(const std::string& output, const std::regex& heading) {
    std::istringstream lines(output);
    std::string frames;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with('=')) {
            inside = std::regex_match(line, match, heading);
            if (inside) frames += "task " + match.str(1) + '\n';
        } else if (inside && line.starts_with('#')) {
            const auto frame = short_frame(line);
            EXPECT_FALSE(frame.empty()) << line;
            frames += frame + '\n';
        }
    }
    return frames;
}

}  // namespace

std::string threads(const std::string& output) {
    return frames_under(output,
                        std::regex(R"(=+ THREAD [0-9]+ \(TCB: 0x[0-9a-f]+, name: '(.*)'\) =+)"));
}

std::string crashed_thread(const std::string& output) {
    return frames_under(output, std::regex("=+ CURRENT THREAD (STACK) =+"));
}

}  // namespace coredepot::test
