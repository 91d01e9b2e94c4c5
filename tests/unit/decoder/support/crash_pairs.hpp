#pragma once

#include <map>
#include <string>
#include <string_view>

#include "decoder/report/report.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder::test {

/// Reports of crashes: by crash, then by build.
using CrashPairs = std::map<int, std::map<std::string, Report>>;

/// Of all crashes in tests/data/`name`, decoded with `rules` of the model.
CrashPairs decode_pairs(std::string_view name, const SignatureRules& rules = {});

}  // namespace coredepot::decoder::test
