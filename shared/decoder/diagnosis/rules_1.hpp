#pragma once

#include <string>

#include "decoder/report/report.hpp"

namespace coredepot::decoder::rules_1 {

/// The signature of `report` by version 1 of the rules, by which an issue that was made with it is
/// found again. The files rules_1* can go, and Crash::previous_signature with them, when no fleet
/// has issues from before version 2 any more: each is adopted when one of its crashes is parsed
/// once more.
std::string signature(const Report& report);

}  // namespace coredepot::decoder::rules_1
