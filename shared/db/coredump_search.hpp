#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/time.hpp"

namespace coredepot::db {

/// Core dumps of the whole fleet. All throw Unavailable.
class CoredumpSearch {
  public:
    explicit CoredumpSearch(Database& database) : database_(database) {}

    /// What is empty is no condition.
    struct Filter {
        std::optional<std::int64_t> issue = std::nullopt;
        std::optional<std::int64_t> device = std::nullopt;
        std::optional<std::int64_t> device_model_id = std::nullopt;
        std::optional<std::string> version = std::nullopt;  ///< as the device said it
        std::optional<std::string> status = std::nullopt;   ///< `PENDING`, `PARSED` or `ERROR`
        std::optional<Timestamp> from = std::nullopt;       ///< uploaded then, or later
        std::optional<Timestamp> to = std::nullopt;         ///< uploaded before that
    };
    struct Found {
        std::vector<CoredumpSummary> coredumps;
        std::optional<CoredumpPosition> next;  ///< empty: that was all
    };
    /// Newest first, behind `after`, `limit` at most. It looks at some thousand; so a page may have
    /// fewer, even none, where there is a next one.
    Found find(const Filter& filter, const std::optional<CoredumpPosition>& after,
               std::int64_t limit);

  private:
    Database& database_;
};

}  // namespace coredepot::db
