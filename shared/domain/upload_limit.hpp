#pragma once

#include <chrono>

namespace coredepot {

/// How many core dumps a device may upload. It has a budget of `burst` uploads, and one comes back
/// every `refill`. This is against abuse and not against crash loops, because a refused core dump
/// is lost.
///
/// A device's state is a single moment: when its budget is full again. Each upload moves that
/// moment by `refill`. (The generic cell rate algorithm, ITU-T I.371, annex A.)
/// sql/deploy/upload_limit.sql has the same rule; record_upload() and record_coredump() decide by
/// it, under the device's lock.
struct UploadLimit {
    int burst = 1;
    std::chrono::microseconds refill{0};  ///< zero: no limit

    /// A `rate` of zero means no limit.
    static UploadLimit per_minute(int rate, int burst);

    /// How long an empty budget takes to become full.
    std::chrono::microseconds window() const { return burst * refill; }

    /// How long a device must wait when its budget is full after `until_full` (not negative); zero:
    /// it may upload now. `until_full` can exceed the window only because the limit was lowered or
    /// the clock was set back. Nobody has to wait for that.
    std::chrono::microseconds wait(std::chrono::microseconds until_full) const;

    friend bool operator==(const UploadLimit&, const UploadLimit&) = default;
};

}  // namespace coredepot
