#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "decoder/report/report.hpp"
#include "decoder/support/samples.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder::test {

/// Reports of crashes: by crash, then by build.
using CrashPairs = std::map<int, std::map<std::string, Report>>;

/// Of all crashes in tests/data/`name`, decoded with `rules` of the model.
CrashPairs decode_pairs(std::string_view name, const SignatureRules& rules = {});

/// A build of tests/data/`name`, and the core dump of one of its crashes, an ELF core file that
/// names it.
std::filesystem::path pair_elf(std::string_view name, const std::string& build);
Bytes pair_core(std::string_view name, const std::string& build, int number);

}  // namespace coredepot::decoder::test
