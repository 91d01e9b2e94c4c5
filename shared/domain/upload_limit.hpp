#pragma once

#include <chrono>

namespace coredepot {

/// How many core dumps one device may upload: it has a budget of `burst` of them, of which one
/// comes back every `refill`. Against abuse, not against crash loops: what is refused is lost.
///
/// A device's state is one moment, when its budget will be full again; each upload puts that off by
/// `refill`. (The generic cell rate algorithm, ITU-T I.371, annex A.) sql/deploy/upload_limit.sql
/// decides by the same rule, under the device's lock.
struct UploadLimit {
    int burst = 1;
    std::chrono::microseconds refill{0};  ///< zero: no limit

    /// `rate` of zero: no limit.
    static UploadLimit per_minute(int rate, int burst);

    /// The time in which an empty budget becomes a full one.
    std::chrono::microseconds window() const { return burst * refill; }

    /// How long a device has to wait whose budget is full after `until_full` (not negative); zero:
    /// it may upload now. More than a whole window is no debt of this limit's: the limit was
    /// lowered or the clock set back, and nobody is made to wait for that.
    std::chrono::microseconds wait(std::chrono::microseconds until_full) const;
};

}  // namespace coredepot
