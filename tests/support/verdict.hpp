#pragma once

#include <string>

#include "support/fleet.hpp"
#include "support/json_value.hpp"

/// What became of core dumps that were uploaded to the program's stack.
namespace coredepot::test {

/// Waits until it is parsed, or never will be: its detail.
JsonValue verdict_on(const FleetDevice& device, const FleetCoredump& coredump);

/// Waits for PARSED and gives the output.
std::string output_of(const FleetDevice& device, const FleetCoredump& coredump);

/// What there is for machines, as text: of one that is parsed.
std::string report_of(const FleetDevice& device, const FleetCoredump& coredump);

/// Waits for ERROR and gives the reason.
std::string reason_of(const FleetDevice& device, const FleetCoredump& coredump);

/// How often it was tried to parse it.
std::string attempts(const FleetCoredump& coredump);

/// Nothing that was staged for the sidecar is left behind.
void expect_transfer_folder_empties();

}  // namespace coredepot::test
