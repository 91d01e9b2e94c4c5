#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/time.hpp"

namespace coredepot::db {

/// Finds core dumps of the whole fleet. All throw Unavailable.
class CoredumpSearch {
  public:
    explicit CoredumpSearch(Database& database) : database_(database) {}

    /// An empty member is no condition.
    struct Filter {
        std::optional<std::int64_t> issue = std::nullopt;
        std::optional<std::int64_t> device = std::nullopt;
        std::optional<std::int64_t> device_model_id = std::nullopt;
        std::optional<std::string> version = std::nullopt;  ///< as the device reported it
        std::optional<std::string> status = std::nullopt;   ///< `PENDING`, `PARSED` or `ERROR`
        std::optional<Timestamp> from = std::nullopt;       ///< uploaded at that time or later
        std::optional<Timestamp> to = std::nullopt;         ///< uploaded before that time
    };
    struct Found {
        std::vector<CoredumpSummary> coredumps;
        std::optional<CoredumpPosition> next;  ///< empty: this was the last page
    };
    /// Newest first, after `after`, at most `limit`. Each call examines a few thousand rows, so a
    /// page may be short or even empty although there is a next one.
    Found find(const Filter& filter, const std::optional<CoredumpPosition>& after,
               std::int64_t limit);

  private:
    Database& database_;
};

}  // namespace coredepot::db
