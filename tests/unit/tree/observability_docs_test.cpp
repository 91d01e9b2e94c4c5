// What docs/ says of the metrics is what there is: names that nobody exposes are alerts that never
// fire and panels that stay empty.

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "metrics/exposition.hpp"
#include "support/json_value.hpp"
#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

using test::JsonValue;
using test::matches;
using Names = std::set<std::string>;

std::string document(const std::string& name) {
    return test::source("docs/" + name);
}

/// /metrics when nothing is absent.
const std::string& page() {
    static const auto text = [] {
        metrics::Gauges gauges;
        gauges.database_up = true;
        gauges.coredumps.emplace();
        gauges.spool.emplace();
        gauges.last_backup.emplace();
        gauges.alerts.emplace();
        gauges.retention = {1, false, 1, 1};
        gauges.issuer_keys = {1, std::chrono::microseconds(1)};
        gauges.folders = {
            {"coredumps", 1, 1, 1, 1, 1}, {"assets", 1, 1, 1, 1, 1}, {"state", 1, 1, 1, 1, 1}};
        gauges.store_up = true;
        gauges.bucket_spool.emplace();
        return metrics::exposition({}, gauges);
    }();
    return text;
}

/// The names of the series.
Names exposed() {
    return matches(page(), R"((?:^|\n)(coredepot_\w+))");
}

Names families() {
    return matches(page(), R"(# TYPE (\w+))");
}

/// The values that a label has anywhere.
Names values_of(const std::string& label) {
    return matches(page(), "[{,]" + label + "=\"([^\"]*)\"");
}

/// The expressions of the dashboard's panels and of its variables.
std::string dashboard_expressions() {
    std::string expressions;
    const auto dashboard = JsonValue::parse(document("grafana-dashboard.json"));
    const auto panels = dashboard.at("panels");
    for (std::size_t i = 0; i < panels.size(); ++i) {
        if (!panels.at(i).has("targets")) continue;
        const auto targets = panels.at(i).at("targets");
        for (std::size_t j = 0; j < targets.size(); ++j) {
            expressions += targets.at(j).at("expr").text() + '\n';
        }
    }
    const auto variables = dashboard.at("templating").at("list");
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (variables.at(i).has("definition")) {
            expressions += variables.at(i).at("definition").text() + '\n';
        }
    }
    return expressions;
}

void expect_known(const std::string& where, const std::string& text) {
    const auto used = matches(text, R"((coredepot_\w+))");
    EXPECT_GT(used.size(), 5U) << where;
    const auto known = exposed();
    for (const auto& name : used) EXPECT_TRUE(known.contains(name)) << where << ": " << name;
    for (const auto* label : {"operation", "outcome", "status", "folder"}) {
        const auto values = values_of(label);
        // a plain value, or alternatives
        for (const auto& alternatives : matches(text, std::string(label) + "[!=]~?\"([\\w|]+)\"")) {
            std::istringstream each(alternatives);
            for (std::string value; std::getline(each, value, '|');) {
                EXPECT_TRUE(values.contains(value)) << where << ": " << label << ' ' << value;
            }
        }
    }
}

TEST(ObservabilityDocs, AlertsUseMetricsThatThereAre) {
    expect_known("alerts.yml", document("alerts.yml"));
}

TEST(ObservabilityDocs, TheDashboardUsesMetricsThatThereAre) {
    expect_known("grafana-dashboard.json", dashboard_expressions());
}

TEST(ObservabilityDocs, EachMetricIsExplainedAndNoneThatIsNot) {
    const auto text = document("observability.md");
    const auto mentioned = matches(text, R"(`(coredepot_\w+))");
    for (const auto& family : families()) EXPECT_TRUE(mentioned.contains(family)) << family;
    for (const auto& name : mentioned) EXPECT_TRUE(families().contains(name)) << name;
}

TEST(ObservabilityDocs, TheDashboardCanBeImportedAnywhere) {
    const auto dashboard = JsonValue::parse(document("grafana-dashboard.json"));
    EXPECT_GE(dashboard.at("schemaVersion").integer(), 36);
    EXPECT_TRUE(dashboard.at("id").is_null()) << "the id of one Grafana's database";
    EXPECT_FALSE(dashboard.at("title").text().empty());
    EXPECT_EQ(dashboard.at("templating").at("list").at(0).at("type").text(), "datasource");
    EXPECT_EQ(dashboard.at("templating").at("list").at(0).at("name").text(), "datasource");
    std::set<std::int64_t> ids;
    const auto panels = dashboard.at("panels");
    ASSERT_GT(panels.size(), 10U);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const auto panel = panels.at(i);
        EXPECT_TRUE(ids.insert(panel.at("id").integer()).second);
        EXPECT_FALSE(panel.at("title").text().empty());
        if (panel.at("type").text() == "row") continue;
        EXPECT_EQ(panel.at("datasource").at("uid").text(), "${datasource}");
        ASSERT_GT(panel.at("targets").size(), 0U) << panel.at("title").text();
        EXPECT_EQ(panel.at("targets").at(0).at("datasource").at("uid").text(), "${datasource}");
    }
}

// Whoever is woken by one finds what to do.
TEST(Runbook, HasEveryAlert) {
    EXPECT_EQ(matches(document("runbook.md"), R"(\n\| `(Coredepot\w+)` \|)"),
              matches(document("alerts.yml"), R"(alert: (\w+))"));
}

/// In lower case, as anchors are.
std::string lower(std::string text) {
    for (auto& letter : text) letter = static_cast<char>(std::tolower(letter));
    return text;
}

// And is led there: each alert names its own row.
TEST(Runbook, IsWhereEveryAlertLeads) {
    const auto rules = document("alerts.yml");
    const auto anchors = matches(document("runbook.md"), R"re(<a id="([^"]*)"></a>)re");
    std::istringstream lines(rules);
    std::string alert;
    Names led;
    for (std::string line; std::getline(lines, line);) {
        const auto value = line.substr(std::min(line.size(), line.find(": ") + 2));
        if (line.find(" - alert: ") != std::string::npos) alert = value;
        if (line.find("  runbook_url: ") == std::string::npos) continue;
        const auto anchor = lower(alert);
        EXPECT_EQ(value, "\"https://docs.example/coredepot/runbook.md#" + anchor + '"');
        EXPECT_TRUE(anchors.contains(anchor)) << "no row of the runbook has the anchor " << anchor;
        led.insert(alert);
    }
    EXPECT_EQ(led, matches(rules, R"(alert: (\w+))")) << "without a runbook_url";
}

}  // namespace
}  // namespace coredepot
