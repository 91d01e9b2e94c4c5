#include "auth/verified_tokens.hpp"

#include <utility>

#include "sha256.hpp"

namespace coredepot::auth {
namespace {

std::size_t size_of(const std::optional<std::string>& text) {
    return text ? text->size() : 0;
}

/// About the size of an entry: itself, its key with the node in the table, and its texts.
std::size_t bytes_of(const VerifiedTokens::Entry& entry) {
    constexpr std::size_t kNode = sizeof(VerifiedTokens::Entry) + 128;
    constexpr std::size_t kNodeOfSet = 80;
    const auto& claims = entry.token.claims;
    auto bytes = kNode + size_of(entry.token.key_id) + size_of(claims.authorized_party) +
                 size_of(claims.person.subject) + size_of(claims.person.name);
    for (const auto& role : claims.roles) bytes += kNodeOfSet + role.size();
    return bytes;
}

}  // namespace

const VerifiedTokens::Entry* VerifiedTokens::find(std::string_view token) const {
    const auto found = entries_.find(sha256_hex(token));
    return found == entries_.end() ? nullptr : &found->second;
}

void VerifiedTokens::add(std::string_view token, Entry entry) {
    const auto bytes = bytes_of(entry);
    if (bytes > kMostBytes) return;
    // Drop all at once: clients that are still active come back soon, and most other tokens have
    // expired.
    if (bytes_ + bytes > kMostBytes) {
        entries_.clear();
        bytes_ = 0;
    }
    auto [place, is_new] = entries_.try_emplace(sha256_hex(token));
    if (!is_new) bytes_ -= bytes_of(place->second);
    place->second = std::move(entry);
    bytes_ += bytes;
}

}  // namespace coredepot::auth
