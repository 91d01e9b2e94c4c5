#include "auth/issuer_keys.hpp"

#include <algorithm>

#include "auth/identity.hpp"
#include "log.hpp"

namespace coredepot::auth {
namespace {

/// How long to wait while another process asks for a key that may not exist. It is no longer than
/// asking normally takes, because anybody can make a token that names such a key.
constexpr std::chrono::seconds kPatienceForKey{1};

/// In whole seconds (RFC 9110, section 10.2.3), rounded up.
std::chrono::seconds retry_after(std::chrono::microseconds wait) {
    return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(wait));
}

double seconds_since_1970(Timestamp time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

IssuerKeys::IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder,
                       Clock clock, const std::optional<std::filesystem::path>& ca_file)
    : clock_(clock),
      answer_(
          issuer, cache_folder,
          {"jwks", "the issuer's keys", [issuer, ca_file] { return fetch_jwks(issuer, ca_file); },
           kLongestForJwks, [this](const std::string& jwks) { return accept(jwks); }},
          std::move(clock)) {}

const PublicKey* IssuerKeys::find(const std::optional<std::string>& key_id, Algorithm algorithm,
                                  std::optional<double> issued_by) {
    const bool asked = answer_.refresh();
    if (!keys_) {
        throw KeysUnavailable("we have no keys of the issuer",
                              retry_after(answer_.asked().wait(clock_())));
    }
    if (key_id && !keys_->has(*key_id)) look_for(*key_id, issued_by, asked);
    return keys_->find(key_id, algorithm);
}

/// A device sends its core dump only once. When keys have just changed, a late answer is better
/// than a refusal, and "come again" is better than "your token is bad".
void IssuerKeys::look_for(const std::string& key_id, std::optional<double> issued_by, bool asked) {
    const auto none = std::chrono::microseconds(0);
    const auto missed = missed_.wait(key_id, clock_());
    if (!asked && missed == none) {
        asked = answer_.update(kPatienceForKey, [&] { return keys_->has(key_id); });
    }
    if (keys_->has(key_id)) return;
    if (asked) {
        missed_.add(key_id, clock_());
        return;
    }
    // The key of a token existed when the token was issued.
    const auto fetched_at = answer_.fetched_at();
    if (issued_by && fetched_at && *issued_by < seconds_since_1970(*fetched_at)) return;
    throw KeyInDoubt("we know no key of the issuer that fits the token, and cannot ask for more",
                     retry_after(std::max(missed, answer_.asked().wait(clock_()))));
}

IssuerKeys::State IssuerKeys::state(Asking asking) {
    answer_.look();
    const bool in_need = !keys_ || keys_->size() == 0;
    if (asking == Asking::WhenOld || in_need) answer_.refresh();
    return {answer_.fetched_at(), keys_ ? keys_->size() : 0, answer_.asked().answered};
}

std::optional<FetchFailure> IssuerKeys::accept(const std::string& jwks) {
    if (keys_ && jwks == jwks_) return std::nullopt;
    auto keys = KeySet::parse(jwks);
    if (!keys) return FetchFailure{"the JWKS is none"};
    if (keys->size() == 0) {
        log::error("the issuer has no key for signing tokens",
                   {{"need", "RSA of 2048 bits or more, or P-256, for signatures"}});
    }
    keys_ = std::move(keys);
    jwks_ = jwks;
    ++generation_;
    return std::nullopt;
}

}  // namespace coredepot::auth
