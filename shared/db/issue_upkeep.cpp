#include "db/issue_upkeep.hpp"

#include <algorithm>
#include <array>

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kUnmuteDueIssue{"unmute_due_issue", "SELECT unmute_due_issue()"};
constexpr Statement kSettleGoneOccurrences{"settle_gone_occurrences",
                                           "SELECT settle_gone_occurrences()"};
constexpr Statement kTrimSeries{"trim_series", "SELECT trim_series()"};
constexpr Statement kCountEarlierCoredump{"count_earlier_coredump",
                                          "SELECT count_earlier_coredump()"};

}  // namespace

bool IssueUpkeep::work(const std::function<bool()>& enough) {
    const auto is_cut_off = [&](const Statement& step) {
        do {
            if (enough()) return true;
        } while (Fields(database_.session().execute(step)[0]).truth());
        return false;
    };
    return std::ranges::any_of(
        std::array{kUnmuteDueIssue, kSettleGoneOccurrences, kTrimSeries, kCountEarlierCoredump},
        is_cut_off);
}

}  // namespace coredepot::db
