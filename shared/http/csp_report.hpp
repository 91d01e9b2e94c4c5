#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::http {

/// What a browser blocked on the page. Each text has at most 200 bytes and is fit for the log. URLs
/// have neither query nor fragment, because those may tell what somebody searched for.
struct CspReport {
    std::string directive;
    std::string blocked;  ///< URL, or `inline`, `eval`, `trusted-types-sink`, …
    std::string page;
    std::string source;  ///< of the script, with its line; may be empty
};

/// Parses the body that browsers send for `report-uri` (CSP Level 3, section 5.5); empty when it is
/// something else.
std::optional<CspReport> parse_csp_report(std::string_view body);

}  // namespace coredepot::http
