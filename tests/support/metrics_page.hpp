#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace coredepot::test {

/// What /metrics said at one moment.
class MetricsPage {
  public:
    /// Asks for it; throws when the answer is not 200.
    static MetricsPage of(HttpClient& client);

    /// Of a series, written as on the page: `name{label="value",…}`. Throws when it is not there.
    double at(const std::string& series) const;
    /// Of `coredepot_operations_total`.
    double operations(std::string_view operation, std::string_view status) const;
    /// Of `coredepot_responses_total`.
    double responses(std::string_view operation, int code) const;

    bool has(const std::string& series) const { return samples_.contains(series); }
    /// Of the series, without their labels; of a histogram `_bucket`, `_sum` and `_count`.
    std::set<std::string> names() const;
    const std::map<std::string, double>& samples() const { return samples_; }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::map<std::string, double> samples_;
};

}  // namespace coredepot::test
