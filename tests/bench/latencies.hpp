#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

/// How long each piece of work took, and what the bench wants to know of that.
class Latencies {
  public:
    using Clock = std::chrono::steady_clock;

    void add(Clock::duration took) {
        microseconds_.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    }
    void add(const Latencies& others) {
        microseconds_.insert(microseconds_.end(), others.microseconds_.begin(),
                             others.microseconds_.end());
    }

    std::vector<std::uint32_t>& microseconds() { return microseconds_; }
    std::size_t size() const { return microseconds_.size(); }

    /// As JSON: how many a second there were in all that time, and milliseconds. At least one.
    void print(Clock::duration all) {
        std::ranges::sort(microseconds_);
        const auto milliseconds = [&](std::size_t percent) {
            return microseconds_[(microseconds_.size() - 1) * percent / 100] / 1000.0;
        };
        std::printf(
            "{\"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f}\n",
            static_cast<double>(microseconds_.size()) / std::chrono::duration<double>(all).count(),
            milliseconds(50), milliseconds(99));
    }

  private:
    std::vector<std::uint32_t> microseconds_;
};
