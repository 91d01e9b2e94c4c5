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

/// The issuer's current keys, as fresh as we can have them: see IssuerAnswer.
class IssuerKeys {
  public:
    IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder, Clock clock,
               const std::optional<std::filesystem::path>& ca_file = std::nullopt);
    IssuerKeys(const IssuerKeys&) = delete;  // answer_ points here
    IssuerKeys& operator=(const IssuerKeys&) = delete;

    /// Null when the issuer has no such key, according to an answer from just now, or from after
    /// the token was issued. `issued_by` is the latest time at which that may have been (seconds
    /// since 1970, with tolerance); empty: unknown. The pointer is valid until the next call.
    ///
    /// Throws KeyInDoubt when we do not know the key and the issuer may not be asked, or does not
    /// answer; KeysUnavailable when we never had any keys. Takes at most 13 seconds: while another
    /// process asks, and then as long again for asking ourselves.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm,
                          std::optional<double> issued_by = std::nullopt);

    /// Changes whenever the keys may have changed.
    std::uint64_t generation() const { return generation_; }

    struct State {
        std::optional<Timestamp> fetched_at;  ///< empty: never
        std::size_t keys = 0;                 ///< usable ones
        bool answers = true;                  ///< the last question had an answer
    };
    /// The state of the keys on disk. Asks the issuer when they are not fresh or, with
    /// Asking::InNeed, only when there are none, because asking may be slow.
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
