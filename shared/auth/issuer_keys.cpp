#include "auth/issuer_keys.hpp"

#include "auth/identity.hpp"

namespace coredepot::auth {
namespace {

/// How long to wait for the one who asks for a key that may not exist: only as long as that
/// normally takes, because anybody can make a token that names one.
constexpr std::chrono::seconds kPatienceForKey{2};

}  // namespace

IssuerKeys::IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder,
                       Clock clock)
    : answer_(issuer, cache_folder,
              {"jwks", "the issuer's keys", [issuer] { return fetch_jwks(issuer); },
               kLongestForJwks, [this](const std::string& jwks) { return accept(jwks); }},
              std::move(clock)) {}

const PublicKey* IssuerKeys::find(const std::optional<std::string>& key_id, Algorithm algorithm) {
    answer_.refresh();
    if (!keys_) throw KeysUnavailable("there are no keys of the issuer's");
    if (key_id && !keys_->has(*key_id)) {
        // A device sends its dump once: when keys have just changed, better late than refused.
        answer_.update(kPatienceForKey, [&] { return keys_->has(*key_id); });
    }
    return keys_->find(key_id, algorithm);
}

std::optional<FetchFailure> IssuerKeys::accept(const std::string& jwks) {
    auto keys = KeySet::parse(jwks);
    if (!keys) {
        return FetchFailure{
            "the JWKS has no RSA key of 2048 bits or more and no P-256 key for signatures"};
    }
    keys_ = std::move(keys);
    ++generation_;
    return std::nullopt;
}

}  // namespace coredepot::auth
