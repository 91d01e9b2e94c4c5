#include "auth/issuer_keys.hpp"

#include "auth/discovery.hpp"
#include "auth/identity.hpp"
#include "log.hpp"

namespace coredepot::auth {
namespace {

/// How long to wait for the one who asks the issuer: without any keys for as long as that may
/// take. For a key that may not exist only as long as it normally takes, because anybody can make a
/// token that names one.
constexpr std::chrono::seconds kPatienceWithoutKeys{7};
constexpr std::chrono::seconds kPatienceForKey{2};

/// What was in the future, because a clock was put back, is no reason to wait.
bool is_within(std::optional<Timestamp> past, Timestamp now, std::chrono::seconds span) {
    return past && *past <= now && now - *past < span;
}

}  // namespace

const PublicKey* IssuerKeys::find(const std::optional<std::string>& key_id, Algorithm algorithm) {
    if (!is_fresh()) update(std::chrono::seconds(0), [this] { return is_fresh(); });
    if (!keys_) throw KeysUnavailable("there are no keys of the issuer's");
    if (key_id && !keys_->has(*key_id)) {
        // A device sends its dump once: when keys have just changed, better late than refused.
        update(kPatienceForKey, [&] { return keys_->has(*key_id); });
    }
    return keys_->find(key_id, algorithm);
}

bool IssuerKeys::is_fresh() const {
    return keys_ && is_within(fetched_at_, clock_(), kMaxAge);
}

void IssuerKeys::update(std::chrono::seconds patience, const Satisfied& satisfied) {
    read_cache();
    if (satisfied()) return;
    const auto turn = cache_.take_turn(keys_ ? patience : kPatienceWithoutKeys);
    read_cache();  // the one who had the turn before us has put something there
    if (!turn || satisfied()) return;
    const auto now = clock_();
    if (is_within(turn->last_attempt(), now, kPause) || is_within(attempted_at_, now, kPause)) {
        return;
    }
    attempted_at_ = now;
    turn->record_attempt(now);
    ask_issuer();
}

void IssuerKeys::read_cache() {
    const auto entry = cache_.read_changed();
    if (!entry) return;
    auto keys = KeySet::parse(entry->jwks);
    if (!keys) {
        log::warning("cached keys are not used", {{"error", "no key in them is of use"}});
        return;
    }
    keys_ = std::move(keys);
    fetched_at_ = entry->fetched_at;
}

void IssuerKeys::ask_issuer() {
    const auto now = clock_();
    const auto answer = fetch_jwks(issuer_);
    if (const auto* failure = std::get_if<FetchFailure>(&answer)) {
        log::warning("cannot get the issuer's keys", {{"error", failure->why}});
        return;
    }
    const auto& jwks = std::get<std::string>(answer);
    auto keys = KeySet::parse(jwks);
    if (!keys) {
        log::warning("cannot use the issuer's keys",
                     {{"error",
                       "the JWKS has no RSA key of 2048 bits or more and no P-256 key for "
                       "signatures"}});
        return;
    }
    keys_ = std::move(keys);
    fetched_at_ = now;
    cache_.store({jwks, now});
}

}  // namespace coredepot::auth
