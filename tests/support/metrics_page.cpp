#include "support/metrics_page.hpp"

#include <sstream>
#include <stdexcept>

namespace coredepot::test {

MetricsPage MetricsPage::of(HttpClient& client) {
    const auto response = client.get("/metrics");
    if (response.status != 200) {
        throw std::runtime_error("no metrics: " + testing::PrintToString(response));
    }
    MetricsPage page;
    page.text_ = response.body;
    std::istringstream lines(page.text_);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        const auto space = line.rfind(' ');
        const bool is_new =
            page.samples_.emplace(line.substr(0, space), std::stod(line.substr(space + 1))).second;
        EXPECT_TRUE(is_new) << "twice: " << line;
    }
    return page;
}

double MetricsPage::at(const std::string& series) const {
    const auto found = samples_.find(series);
    if (found == samples_.end()) throw std::runtime_error("there is no " + series);
    return found->second;
}

double MetricsPage::operations(std::string_view operation, std::string_view status) const {
    return at("coredepot_operations_total{operation=\"" + std::string(operation) + "\",status=\"" +
              std::string(status) + "\"}");
}

double MetricsPage::responses(std::string_view operation, int code) const {
    return at("coredepot_responses_total{operation=\"" + std::string(operation) + "\",code=\"" +
              std::to_string(code) + "\"}");
}

std::set<std::string> MetricsPage::names() const {
    std::set<std::string> names;
    for (const auto& [series, value] : samples_) names.insert(series.substr(0, series.find('{')));
    return names;
}

}  // namespace coredepot::test
