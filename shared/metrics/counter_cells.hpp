#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "metrics/counter_file.hpp"

namespace coredepot::metrics {

/// A row of counters. They are in the file that all processes share when it can be used, and
/// otherwise in this process until it can. Not thread-safe.
class CounterCells {
  public:
    /// Maps the file. Throws a standard exception when it cannot.
    using Open = std::function<CounterMemory()>;

    /// For this process alone.
    explicit CounterCells(std::size_t cells);
    /// Shared. Never throws: a failure to open is logged, and tried again at the first count after
    /// `pause`. The same happens when the file was removed or shortened.
    CounterCells(std::size_t cells, Open open, std::chrono::seconds pause) noexcept;

    void add(std::size_t cell, std::uint64_t amount);
    std::uint64_t value(std::size_t cell) const;

  private:
    void look() noexcept;
    void join();

    Open open_;
    std::chrono::seconds pause_{};
    std::chrono::steady_clock::time_point next_look_;
    std::unique_ptr<CounterMemory> memory_;
};

}  // namespace coredepot::metrics
