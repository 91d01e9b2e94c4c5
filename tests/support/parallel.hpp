#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace coredepot::test {

/// Calls `body` with 0 … count - 1, each in a thread of its own, waits for all, and then throws
/// what the first of them threw.
inline void in_parallel(std::size_t count, const std::function<void(std::size_t)>& body) {
    std::vector<std::exception_ptr> faults(count);
    std::vector<std::thread> threads(count);
    for (std::size_t i = 0; i < count; ++i) {
        threads[i] = std::thread([&, i] {
            try {
                body(i);
            } catch (...) {
                faults[i] = std::current_exception();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& fault : faults) {
        if (fault) std::rethrow_exception(fault);
    }
}

}  // namespace coredepot::test
