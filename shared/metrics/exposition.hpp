#pragma once

#include <string>

#include "metrics/counters.hpp"
#include "metrics/gauges.hpp"

namespace coredepot::metrics {

/// https://prometheus.io/docs/instrumenting/exposition_formats/
constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

/// All metrics in Prometheus' text format; docs/observability.md says what they mean.
std::string exposition(const Counters& counters, const Gauges& gauges);

}  // namespace coredepot::metrics
