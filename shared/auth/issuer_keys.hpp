#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "auth/key_set.hpp"

namespace coredepot::auth {

/// The issuer's keys as they are now, as far as one can know: see IssuerAnswer.
class IssuerKeys {
  public:
    IssuerKeys(const std::string& issuer, const std::filesystem::path& cache_folder, Clock clock);
    IssuerKeys(const IssuerKeys&) = delete;  // answer_ points here
    IssuerKeys& operator=(const IssuerKeys&) = delete;

    /// Null when the issuer has no such key; good until the next call. Throws KeysUnavailable when
    /// there are no keys at all. Takes 13 seconds at the most: when another process asks, as long
    /// as that may take, and then as long again.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm);

    /// Another number whenever the keys may be others.
    std::uint64_t generation() const { return generation_; }

  private:
    std::optional<FetchFailure> accept(const std::string& jwks);

    std::optional<KeySet> keys_;
    std::uint64_t generation_ = 0;
    IssuerAnswer answer_;
};

}  // namespace coredepot::auth
