#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "metrics/catalogue.hpp"
#include "metrics/counter_cells.hpp"

namespace coredepot::metrics {

/// The counters of the whole installation: memory that all processes on this machine share through
/// a file, so that each adds with one atomic instruction (no lock, no message, nothing to collect),
/// and what a process has counted outlives it, however it ends. They start from zero when the file
/// is made; Prometheus knows such resets.
class Counters {
  public:
    /// For this process alone; nobody sees what is counted.
    Counters();
    /// In `folder`, or, without one, in `coredepot-metrics-{uid}` below the system's temporary
    /// folder. A service must not fail for want of its metrics: when the file cannot be used that
    /// is logged, and these counters are for this process alone until it can, for which is looked
    /// when something is counted and `pause` has passed.
    static Counters shared(const std::optional<std::filesystem::path>& folder,
                           std::chrono::seconds pause = kPause);

    /// `operation` has to be one of kOperations; another is not counted.
    void record_operation(std::string_view operation, Outcome outcome, microseconds took);
    /// The same for a request that was answered with `status`.
    void record_response(std::string_view operation, int status, microseconds took);
    void record_parse(ParseOutcome outcome, microseconds took);
    void record(Event event, std::uint64_t times = 1);
    /// A request to the object store; places in kStoreOperations and kStoreOutcomes.
    void record_store(std::size_t operation, std::size_t outcome, microseconds took);

    /// A duration histogram at one moment.
    struct Durations {
        std::array<std::uint64_t, kDurationBounds.size() + 1> buckets{};  ///< not cumulative
        microseconds sum{};
        std::uint64_t count() const;
    };
    Durations durations(std::size_t operation, Outcome outcome) const;
    Durations store_durations(std::size_t operation, std::size_t outcome) const;
    std::uint64_t responses(std::size_t operation, std::size_t code) const;
    std::uint64_t parses(ParseOutcome outcome) const;
    std::uint64_t events(Event event) const;

  private:
    /// A full disk does not get room in a hurry, and Prometheus looks every 15 to 60 seconds.
    static constexpr std::chrono::seconds kPause{10};

    explicit Counters(CounterCells cells) : cells_(std::move(cells)) {}
    void record_duration(std::size_t at, microseconds took);
    Durations durations_in(std::size_t at) const;

    CounterCells cells_;
};

}  // namespace coredepot::metrics
