#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace coredepot::decoder {

/// Calls `work` on a thread of its own and returns its result, or throws what it threw. Empty: it
/// did not end within `limit`. It then goes on, with a processor and its memory, for as long as
/// the process lives: who gets nothing here should soon end the process.
///
/// What decoding does itself looks at a Deadline; this is for the libraries below it, which do not.
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
