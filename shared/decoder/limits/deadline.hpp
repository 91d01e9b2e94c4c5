#pragma once

#include <chrono>
#include <string>

#include "decoder/limits/undecodable.hpp"
#include "domain/parse_limits.hpp"

namespace coredepot::decoder {

/// The wall-clock budget of one decode. Loops whose length depends on the input call check() as
/// they go.
class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds budget = kDecodeTimeLimit)
        : end_{std::chrono::steady_clock::now() + budget} {}

    /// Throws Undecodable when the budget is used up.
    void check() const {
        if (std::chrono::steady_clock::now() > end_) {
            throw Undecodable{"decoding was given up: it took longer than " +
                              std::to_string(kDecodeTimeLimit.count()) + " s"};
        }
    }

  private:
    std::chrono::steady_clock::time_point end_;
};

}  // namespace coredepot::decoder
