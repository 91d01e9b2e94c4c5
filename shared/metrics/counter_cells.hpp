#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "metrics/counter_file.hpp"

namespace coredepot::metrics {

/// A row of counters: in the file that all processes share whenever that can be used, and in this
/// process otherwise, until it can. Not for several threads.
class CounterCells {
  public:
    /// Maps the file; throws an exception of std's when that cannot be.
    using Open = std::function<CounterMemory()>;

    /// Of this process alone.
    explicit CounterCells(std::size_t cells);
    /// Shared. Never throws: what cannot be opened is logged, and tried again when something is
    /// counted and `pause` has passed. So is a file that was removed or shortened meanwhile.
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
