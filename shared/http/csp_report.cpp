#include "http/csp_report.hpp"

#include "json.hpp"
#include "text/utf8.hpp"

namespace coredepot::http {
namespace {

std::string shown(const std::string& text) {
    constexpr std::size_t kMost = 200;
    return to_visible(text.substr(0, std::min(kMost, text.find_first_of("?#"))), '?');
}

std::string text_of(const json::Object& report, const char* name) {
    return shown(report.string(name).value_or(""));
}

}  // namespace

std::optional<CspReport> parse_csp_report(std::string_view body) {
    const auto object = json::Object::parse(body);
    const auto report = object ? object->object("csp-report") : std::nullopt;
    if (!report) return std::nullopt;
    auto source = text_of(*report, "source-file");
    if (const auto line = report->integer("line-number"); line && !source.empty()) {
        source += ':' + std::to_string(*line);
    }
    auto directive = text_of(*report, "effective-directive");
    if (directive.empty()) directive = text_of(*report, "violated-directive");
    return CspReport{std::move(directive), text_of(*report, "blocked-uri"),
                     text_of(*report, "document-uri"), std::move(source)};
}

}  // namespace coredepot::http
