#pragma once

#include <string>

#include "decoder/report/report.hpp"

namespace coredepot::decoder::rules_1 {

/// The signature of `report` by version 1 of the rules. It finds an issue that was made with that
/// version. The files rules_1*, and Crash::previous_signature, can go when no fleet has issues from
/// before version 2 any more: each issue gets its new signature when one of its crashes is parsed
/// again.
std::string signature(const Report& report);

}  // namespace coredepot::decoder::rules_1
