#include "auth/asked.hpp"

#include <algorithm>

#include "domain/upload_limit.hpp"

namespace coredepot::auth {
namespace {

using std::chrono::microseconds;

/// The same rule as for uploads.
const UploadLimit kQuestions{8, std::chrono::seconds(2)};

microseconds until(Timestamp later, Timestamp now) {
    return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(later - now));
}

}  // namespace

microseconds Asked::wait(Timestamp now) const {
    if (!answered && last && *last <= now && now - *last < kPauseAfterFailure) {
        return until(*last + kPauseAfterFailure, now);
    }
    return kQuestions.wait(until(budget_full_at, now));
}

Asked Asked::again(Timestamp now) const {
    auto left = until(budget_full_at, now);
    if (left > kQuestions.window()) left = microseconds(0);
    return {now, false, now + left + kQuestions.refill};
}

}  // namespace coredepot::auth
