#pragma once

#include <string>

#include "decoder/output/ink.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// `report` in the layout of `espcoredump.py info_corefile`, which firmware engineers know: crashed
/// task, panic reason, registers, its stack, all threads, the task table, every stack. In addition
/// it says when the ELF could not be verified, what RISC-V chips report about the exception, why a
/// backtrace ended early, and which frames are guessed.
std::string to_text(const Report& report, const Ink& ink = {});

}  // namespace coredepot::decoder
