#pragma once

#include <optional>
#include <string>

/// What parsing made of a core dump, as the end of the object that the API answers about it.
namespace coredepot {

/// `,"parsed_output":"…","report":{…}}`; either may be null. `report`: JSON.
std::string parse_result_json(const std::optional<std::string>& output,
                              const std::optional<std::string>& report);

}  // namespace coredepot
