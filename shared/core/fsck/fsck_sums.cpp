// fsck of sums that are stored beside the rows that they add up.

#include "core/fsck/fsck.hpp"

namespace coredepot::core {

void Fsck::check_sums() {
    auto& sums = parts_.sums;
    const auto check = [&](const char* kind, auto&& page_after, auto&& repair) {
        std::int64_t last = 0;
        while (true) {
            const auto page = page_after(last);
            if (page.empty()) return;
            last = page.back().id;
            for (const auto& sum : page) {
                if (!sum.is_wrong) continue;
                if (options_.repair) repair(sum.id);
                report(Fault::WrongSums, kind + sum.name, options_.repair);
            }
        }
    };
    check(
        "issue ", [&](std::int64_t after) { return sums.issues(after); },
        [&](std::int64_t id) { sums.repair_issue(id); });
    check(
        "version ", [&](std::int64_t after) { return sums.versions(after); },
        [&](std::int64_t id) { sums.repair_version(id); });
    if (!sums.files_are_wrong()) return;
    if (options_.repair) parts_.files.recount();
    report(Fault::WrongSums, "files of core dumps", options_.repair);
}

}  // namespace coredepot::core
