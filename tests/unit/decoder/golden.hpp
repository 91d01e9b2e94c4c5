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
    std::string place;  ///< `file:line`; empty: unknown
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

Golden parse_golden(const std::string& expected_output);

}  // namespace coredepot::decoder::test
