#pragma once

#include "config.hpp"
#include "core/health/health.hpp"
#include "db/database.hpp"
#include "metrics/gauges.hpp"

namespace coredepot::core {

/// Looks at the database and the folders. Never throws: what cannot be found out is absent, and
/// logged.
metrics::Gauges measure(db::Database& database, const Config& config, Health::Store store);

}  // namespace coredepot::core
