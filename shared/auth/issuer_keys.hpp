#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "auth/key_set.hpp"
#include "auth/missed_keys.hpp"

namespace coredepot::auth {

/// The issuer's keys as they are now, as far as one can know: see IssuerAnswer.
class IssuerKeys {
  public:
    IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder, Clock clock,
               const std::optional<std::filesystem::path>& ca_file = std::nullopt);
    IssuerKeys(const IssuerKeys&) = delete;  // answer_ points here
    IssuerKeys& operator=(const IssuerKeys&) = delete;

    /// Null when the issuer has no such key: it said so just now, or after the token was issued,
    /// which was at `issued_by` (seconds since 1970, leeway included) or before; empty when that is
    /// not known. Good until the next call.
    ///
    /// Throws KeyInDoubt when the key is none that we know of and the issuer may not be asked, or
    /// does not answer; KeysUnavailable when there never were any. Takes 13 seconds at the most:
    /// when another process asks, as long as that may take, and then as long again.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm,
                          std::optional<double> issued_by = std::nullopt);

    /// Another number whenever the keys may be others.
    std::uint64_t generation() const { return generation_; }

    struct State {
        std::optional<Timestamp> fetched_at;  ///< empty: never
        std::size_t keys = 0;                 ///< that tokens may be signed with
        bool answers = true;                  ///< the issuer did when it was last asked
    };
    /// As they are on the disk. Asks the issuer when they are not fresh, or, with Asking::InNeed,
    /// only when there are none: it may be slow.
    enum class Asking : std::uint8_t { WhenOld, InNeed };
    State state(Asking asking);

  private:
    std::optional<FetchFailure> accept(const std::string& jwks);
    void look_for(const std::string& key_id, std::optional<double> issued_by, bool asked);

    Clock clock_;
    std::string jwks_;
    std::optional<KeySet> keys_;
    std::uint64_t generation_ = 0;
    MissedKeys missed_;
    IssuerAnswer answer_;
};

}  // namespace coredepot::auth
