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

/// The counters of the whole installation. All processes on this machine share their memory through
/// a file. Each adds with one atomic instruction: no lock, no message, nothing to collect. Counts
/// outlive the process that made them. When the file is made anew they start at zero, which
/// Prometheus handles.
class Counters {
  public:
    /// For this process alone; nobody sees the counts.
    Counters();
    /// In `folder`; without one, in `coredepot-metrics-{uid}` in the system's temporary folder. A
    /// service must not fail because of its metrics. So when the file cannot be used, that is
    /// logged, this process counts alone, and the first count after each `pause` tries again.
    static Counters shared(const std::optional<std::filesystem::path>& folder,
                           std::chrono::seconds pause = kPause);

    /// `operation` must be one of kOperations; others are not counted.
    void record_operation(std::string_view operation, Outcome outcome, microseconds took);
    /// The same for a request and the status of its answer.
    void record_response(std::string_view operation, int status, microseconds took);
    void record_parse(ParseOutcome outcome, microseconds took);
    void record(Event event, std::uint64_t times = 1);
    /// A request to the object store. The arguments are indexes into kStoreOperations and
    /// kStoreOutcomes.
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
    /// A full disk stays full for a while, and Prometheus scrapes every 15 to 60 seconds.
    static constexpr std::chrono::seconds kPause{10};

    explicit Counters(CounterCells cells) : cells_(std::move(cells)) {}
    void record_duration(std::size_t at, microseconds took);
    Durations durations_in(std::size_t at) const;

    CounterCells cells_;
};

}  // namespace coredepot::metrics
