#pragma once

#include "decoder/report/report.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder {

/// The version of the rules that make signatures. Each version makes different signatures, so that
/// an old one is never mistaken for the new one of another bug.
constexpr int kSignatureRules = 2;

/// Which bug `report` is about. The report must be complete except for that. `rules` are the
/// additions of the model's team. docs/signatures.md explains what joins crashes and what separates
/// them.
///
/// The signature is the start of a SHA-256 of the kind, the detail and a few functions' names. It
/// contains no address and no line.
Crash describe_crash(const Report& report, const SignatureRules& rules = {});

}  // namespace coredepot::decoder
