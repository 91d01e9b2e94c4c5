#pragma once

#include <chrono>

#include <gtest/gtest.h>

#include "db/parse_queue.hpp"
#include "support/database.hpp"

namespace coredepot::test {

/// Whoever has this claim no longer has its lease, and can do nothing more to the core dump.
inline void expect_lost(db::ParseQueue& queue, const db::Claim& claim) {
    constexpr std::chrono::seconds kHour{3600};
    EXPECT_FALSE(queue.renew(claim, kHour));
    EXPECT_FALSE(queue.parse_alone(claim, kHour));
    EXPECT_FALSE(queue.record_parsed(claim, text_only("late")));
    EXPECT_FALSE(queue.record_error(claim, "late", true));
    EXPECT_FALSE(queue.record_failure(claim, "late", kHour));
    EXPECT_FALSE(queue.release(claim));
    EXPECT_EQ(queue.record_want(claim, "late", std::nullopt), db::WantOutcome::Lost);
}

}  // namespace coredepot::test
