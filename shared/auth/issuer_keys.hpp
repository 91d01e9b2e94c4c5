#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "auth/key_cache.hpp"
#include "auth/key_set.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {

/// What time it is; a test says so itself.
using Clock = std::function<Timestamp()>;

/// The issuer's keys as they are now, as far as one can know.
///
/// They are taken from this process's memory; when they are older than kMaxAge, or do not have the
/// key that is asked for, from the disk, where another process may have put newer ones; and when
/// those will not do either, from the issuer. That is asked at most once in kPause by all processes
/// together, and by one at a time. While it does not answer, the keys that we have go on being
/// used, however old they are.
class IssuerKeys {
  public:
    static constexpr std::chrono::minutes kMaxAge{5};
    static constexpr std::chrono::seconds kPause{10};

    IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder, Clock clock)
        : issuer_(issuer), clock_(std::move(clock)), cache_(cache_folder, issuer) {}

    /// Null when the issuer has no such key; good until the next call. Throws KeysUnavailable when
    /// there are no keys at all. Takes a few seconds at the most.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm);

  private:
    using Satisfied = std::function<bool()>;

    bool is_fresh() const;
    void update(std::chrono::seconds patience, const Satisfied& satisfied);
    void read_cache();
    void ask_issuer();

    std::string issuer_;
    Clock clock_;
    KeyCache cache_;
    std::optional<KeySet> keys_;
    Timestamp fetched_at_;
    std::optional<Timestamp> attempted_at_;  ///< by this process
};

}  // namespace coredepot::auth
