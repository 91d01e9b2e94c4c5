#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::http {

/// What a browser blocked on the page. Each text is at most 200 bytes, fit for the log; of URLs
/// there is neither query nor fragment, which may hold what somebody looked for.
struct CspReport {
    std::string directive;
    std::string blocked;  ///< URL, or `inline`, `eval`, `trusted-types-sink`, …
    std::string page;
    std::string source;  ///< of the script, with line; may be empty
};

/// The body that browsers send for `report-uri` (CSP Level 3, section 5.5); empty when `body` is
/// none.
std::optional<CspReport> parse_csp_report(std::string_view body);

}  // namespace coredepot::http
