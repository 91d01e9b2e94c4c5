#include "domain/retention.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace coredepot {

std::vector<std::int64_t> surplus(std::vector<KeptCoredump> newest_first, std::int64_t accepted,
                                  std::size_t keep) {
    // clang 14 cannot compile the return type of std::ranges::stable_partition with this library.
    std::stable_partition(newest_first.begin(), newest_first.end(),
                          [&](const KeptCoredump& one) { return one.id == accepted; });
    struct Ranked {
        std::int64_t id;
        bool is_common;       ///< it is not a milestone
        std::size_t repeats;  ///< how many newer ones of the same bug there are
    };
    std::vector<Ranked> ranked;
    ranked.reserve(newest_first.size());
    std::map<std::optional<std::string>, std::size_t> seen;
    for (const auto& coredump : newest_first) {
        ranked.push_back({coredump.id, !coredump.is_milestone, seen[coredump.signature]++});
    }
    std::ranges::stable_sort(ranked, [&](const Ranked& one, const Ranked& other) {
        return std::tuple(one.id != accepted, one.is_common, one.repeats) <
               std::tuple(other.id != accepted, other.is_common, other.repeats);
    });
    std::vector<std::int64_t> ids;
    for (std::size_t i = keep; i < ranked.size(); ++i) ids.push_back(ranked[i].id);
    return ids;
}

std::uint64_t missing_free(std::uint64_t free, std::uint64_t total, int percent) {
    constexpr std::uint64_t kHundred = 100;
    const auto share = static_cast<std::uint64_t>(percent);
    // total * share could overflow.
    const auto least = total / kHundred * share + total % kHundred * share / kHundred;
    return least > free ? least - free : 0;
}

}  // namespace coredepot
