#include "domain/retention.hpp"

#include <algorithm>
#include <map>

namespace coredepot {

std::vector<std::int64_t> surplus(std::vector<KeptCoredump> newest_first, std::int64_t accepted,
                                  std::size_t keep) {
    // std::ranges::stable_partition returns what clang 14 cannot compile with this library.
    std::stable_partition(newest_first.begin(), newest_first.end(),
                          [&](const KeptCoredump& one) { return one.id == accepted; });
    struct Ranked {
        std::int64_t id;
        std::size_t repeats;  ///< newer ones of the same bug
    };
    std::vector<Ranked> ranked;
    ranked.reserve(newest_first.size());
    std::map<std::optional<std::string>, std::size_t> seen;
    for (const auto& coredump : newest_first) {
        ranked.push_back({coredump.id, seen[coredump.signature]++});
    }
    std::ranges::stable_sort(ranked, {}, &Ranked::repeats);
    std::vector<std::int64_t> ids;
    for (std::size_t i = keep; i < ranked.size(); ++i) ids.push_back(ranked[i].id);
    return ids;
}

}  // namespace coredepot
