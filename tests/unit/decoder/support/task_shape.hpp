#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "decoder/report/task.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder::test {

/// Where decode_task() puts the stack and the task control block.
constexpr std::uint32_t kStack = 0x3FC80000;
constexpr std::uint32_t kTcb = 0x3FD90000;

/// Function names from the innermost frame on, addresses where there is no name, `?` before
/// guesses, `[3]` where three frames are left out; the reason why the walk ended, if it ended
/// early.
std::string shape(const Task& task);

/// The one task, called `loop`, of a dump that has these registers and this stack.
Task decode_task(std::uint16_t machine, const Bytes& elf,
                 const std::vector<std::uint32_t>& registers, const Bytes& stack);

}  // namespace coredepot::decoder::test
