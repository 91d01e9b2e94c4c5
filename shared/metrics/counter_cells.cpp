#include "metrics/counter_cells.hpp"

#include <atomic>
#include <utility>

#include "log.hpp"

namespace coredepot::metrics {
namespace {

using Cell = std::atomic_ref<std::uint64_t>;
static_assert(Cell::is_always_lock_free, "a lock would be one of this process alone");

// Relaxed, because counters do not depend on each other.
void add_to(const CounterMemory& memory, std::size_t cell, std::uint64_t amount) {
    Cell(memory.cells()[cell]).fetch_add(amount, std::memory_order_relaxed);
}

std::uint64_t value_in(const CounterMemory& memory, std::size_t cell) {
    return Cell(memory.cells()[cell]).load(std::memory_order_relaxed);
}

}  // namespace

CounterCells::CounterCells(std::size_t cells)
    : memory_(std::make_unique<CounterMemory>(private_memory(cells))) {}

CounterCells::CounterCells(std::size_t cells, Open open, std::chrono::seconds pause) noexcept
    : CounterCells(cells) {
    open_ = std::move(open);
    pause_ = pause;
    next_look_ = std::chrono::steady_clock::now() + pause_;
    try {
        join();
    } catch (const std::exception& error) {
        log::warning("metrics are not counted", {{"error", error.what()}});
    }
}

void CounterCells::add(std::size_t cell, std::uint64_t amount) {
    if (open_ && std::chrono::steady_clock::now() >= next_look_) look();
    add_to(*memory_, cell, amount);
}

std::uint64_t CounterCells::value(std::size_t cell) const {
    return value_in(*memory_, cell);
}

/// Checks whether the file is still the same, and tries again where there was none.
void CounterCells::look() noexcept {
    next_look_ = std::chrono::steady_clock::now() + pause_;
    if (memory_->is_shared()) return;
    try {
        join();
        log::info("metrics are counted in a file again");
    } catch (const std::exception&) {
        // It was logged when it began.
    }
}

void CounterCells::join() {
    auto shared = std::make_unique<CounterMemory>(open_());
    // Bring along what this process counted alone. Not from a file that was removed: each process
    // that shared it would add everything in it.
    if (memory_->is_private()) {
        for (std::size_t i = 0; i < memory_->cells().size(); ++i) {
            if (const auto counted = value(i); counted > 0) add_to(*shared, i, counted);
        }
    }
    memory_ = std::move(shared);
}

}  // namespace coredepot::metrics
