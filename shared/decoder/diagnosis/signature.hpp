#pragma once

#include <string>

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What says, of many core dumps, which are of one bug.
struct CrashSignature {
    /// 16 hex characters, the beginning of a SHA-256: equal for one bug in any build of the
    /// firmware. Made of the kind of crash and the names of the topmost functions of the
    /// firmware's own, each once, so that recursion of any depth is one bug; of no address and no
    /// line.
    std::string hash;
    std::string title;  ///< `StoreProhibited at 0x5 in recur_func (test_core_dump.c:70)`
};

CrashSignature crash_signature(const Report& report);

}  // namespace coredepot::decoder
