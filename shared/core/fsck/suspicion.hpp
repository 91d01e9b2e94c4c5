#pragma once

#include <cstddef>

#include "core/fsck/fsck.hpp"
#include "log.hpp"

namespace coredepot::core {

/// So few say nothing, whatever part of all they are.
constexpr std::size_t kFewUnknown = 100;

/// With the wrong database, or an old state of it, all would end in quarantine. So many core dumps
/// of devices that it does not know are taken as a sign of that: more than a hundred, if they are
/// more than a tenth of all.
inline bool looks_like_another_database(const FsckOptions& options, std::size_t unknown,
                                        std::size_t all) {
    constexpr std::size_t kShare = 10;
    if (options.force || options.make_devices) return false;
    if (unknown <= kFewUnknown || unknown <= all / kShare) return false;
    log::error(
        "too many core dumps are of devices that the database does not know: it may be the wrong "
        "one, or an old state of it. Nothing is moved without --force or --make-devices",
        {{"core_dumps", unknown}, {"of", all}});
    return true;
}

}  // namespace coredepot::core
