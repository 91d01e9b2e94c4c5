#include "domain/upload_limit.hpp"

#include <algorithm>

namespace coredepot {

using std::chrono::microseconds;

UploadLimit UploadLimit::per_minute(int rate, int burst) {
    if (rate == 0) return {burst, microseconds(0)};
    return {burst, microseconds(std::chrono::minutes(1)) / rate};
}

microseconds UploadLimit::wait(microseconds until_full) const {
    if (until_full > window()) return microseconds(0);
    return std::max(microseconds(0), until_full + refill - window());
}

}  // namespace coredepot
