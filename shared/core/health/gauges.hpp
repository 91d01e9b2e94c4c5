#pragma once

#include "config.hpp"
#include "core/health/health.hpp"
#include "db/database.hpp"
#include "metrics/gauges.hpp"

namespace coredepot::core {

/// Measures the database and the folders. Never throws: a failure is logged, and its value is
/// absent.
metrics::Gauges measure(db::Database& database, const Config& config, Health::Store store);

}  // namespace coredepot::core
