#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::decoder::test {

/// A frame as gdb printed it.
struct GoldenFrame {
    std::string pc;  ///< `0x4008110d`; empty: gdb left it out
    std::string function;
    std::string place;                        ///< `file:line`; empty: unknown
    std::map<std::string, std::string> args;  ///< values by name
};

struct GoldenThread {
    std::string tcb, name;
    std::vector<GoldenFrame> frames;
};

/// One row of the task table, all columns: `0x3ffafba0 main 1/1 368/3724`.
using GoldenRow = std::string;

/// What the reference tool printed for a dump: the parts that are compared by meaning.
struct Golden {
    std::string crashed_line, panic_reason;
    std::map<std::string, std::uint32_t> registers;  ///< known ones of the crashed task
    std::vector<GoldenRow> rows;
    std::vector<GoldenThread> threads;
};

/// The arguments between the brackets of a frame, `a=1, s=0x3f "b, c"`. Of a value that was the
/// same when the function was called (`a=a@entry=1`) that is left out.
std::map<std::string, std::string> parse_arguments(std::string_view text);

Golden parse_golden(const std::string& expected_output);

}  // namespace coredepot::decoder::test
