#include "auth/verified_tokens.hpp"

#include <utility>

namespace coredepot::auth {

const VerifiedTokens::Entry* VerifiedTokens::find(std::string_view token) const {
    const auto found = entries_.find(token);
    return found == entries_.end() ? nullptr : &found->second;
}

void VerifiedTokens::add(std::string_view token, Entry entry) {
    // All at once: whoever is still about is soon here again, and most of the others have expired.
    if (entries_.size() >= kMost) entries_.clear();
    entries_.insert_or_assign(std::string(token), std::move(entry));
}

}  // namespace coredepot::auth
