#pragma once

#include <optional>
#include <string>

/// The result of parsing, as the last part of the JSON object in which the API shows a core dump.
namespace coredepot {

/// `,"parsed_output":"…","report":{…}}`; either may be null. `report`: JSON.
std::string parse_result_json(const std::optional<std::string>& output,
                              const std::optional<std::string>& report);

}  // namespace coredepot
