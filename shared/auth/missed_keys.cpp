#include "auth/missed_keys.hpp"

#include <algorithm>

#include "sha256.hpp"

namespace coredepot::auth {

void MissedKeys::add(const std::string& key_id, Timestamp now) {
    if (entries_.size() == kMost) entries_.pop_front();
    entries_.push_back({sha256_hex(key_id), now});
}

std::chrono::microseconds MissedKeys::wait(const std::string& key_id, Timestamp now) const {
    const auto name = sha256_hex(key_id);
    const auto last = std::find_if(entries_.rbegin(), entries_.rend(),
                                   [&](const Entry& entry) { return entry.name == name; });
    // After the clock was set back, nobody waits.
    if (last == entries_.rend() || last->asked > now || now - last->asked >= kPause) {
        return std::chrono::microseconds(0);
    }
    return last->asked + kPause - now;
}

}  // namespace coredepot::auth
