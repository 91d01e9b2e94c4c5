#pragma once

#include <chrono>
#include <string>

#include "decoder/undecodable.hpp"

namespace coredepot::decoder {

/// The longest a decode may take, whatever the input says. A real one takes some 20 ms. There is a
/// verdict within 10 s, with time for a call of libdw that looks at no clock.
constexpr std::chrono::seconds kDecodeTimeLimit{8};

/// Wall-clock budget of one decode. Loops whose length the input chooses call check() as they go.
class Deadline {
  public:
    explicit Deadline(std::chrono::milliseconds budget = kDecodeTimeLimit)
        : end_{std::chrono::steady_clock::now() + budget} {}

    /// Throws Undecodable once the budget is spent.
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
