#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace coredepot::decoder {

/// Calls `work` on its own thread and returns its result, or throws what it threw. Empty when it
/// does not end within `limit`. In that case it goes on, using a processor and memory until the
/// process ends. So the caller should end the process soon.
///
/// The decoder's own code looks at a Deadline. This is for the libraries below it, which do not.
template <typename Work>
auto run_within(std::chrono::milliseconds limit, Work work)
    -> std::optional<std::invoke_result_t<Work>> {
    std::packaged_task<std::invoke_result_t<Work>()> task{std::move(work)};
    auto result = task.get_future();
    std::thread thread{std::move(task)};
    if (result.wait_for(limit) != std::future_status::ready) {
        thread.detach();
        return std::nullopt;
    }
    thread.join();
    return result.get();
}

}  // namespace coredepot::decoder
