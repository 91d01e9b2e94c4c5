#pragma once

#include "decoder/report/report.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder {

/// The version of the rules that signatures are made by. Another one makes other signatures, so
/// that an old one is never taken for a new one of another bug.
constexpr int kSignatureRules = 2;

/// Of `report`, which lacks nothing but that, which bug it is. `rules` are what the model's team
/// adds to the rules. docs/signatures.md says what joins crashes and what tells them apart.
///
/// The signature is the beginning of a SHA-256 of the kind, the detail and the names of a few
/// functions; of no address and no line.
Crash describe_crash(const Report& report, const SignatureRules& rules = {});

}  // namespace coredepot::decoder
