#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace coredepot::test {

/// Calls `body` with 0 … count - 1, each in a thread of its own, and waits for all.
inline void in_parallel(std::size_t count, const std::function<void(std::size_t)>& body) {
    std::vector<std::thread> threads(count);
    for (std::size_t i = 0; i < count; ++i) threads[i] = std::thread([&body, i] { body(i); });
    for (auto& thread : threads) thread.join();
}

}  // namespace coredepot::test
