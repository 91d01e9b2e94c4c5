#include "db/spool_claims.hpp"

#include <utility>

#include "db/session.hpp"
#include "log.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kClaimSpooled{"claim_spooled", R"(
    SELECT pg_try_advisory_lock(hashtextextended('spooled ' || $1, 0)))"};
constexpr Statement kReleaseSpooled{"release_spooled", R"(
    SELECT pg_advisory_unlock(hashtextextended('spooled ' || $1, 0)))"};

}  // namespace

SpoolClaims::Claim::Claim(Database& database, std::string key)
    : database_(&database), key_(std::move(key)) {}

SpoolClaims::Claim::Claim(Claim&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), key_(std::move(other.key_)) {}

SpoolClaims::Claim::~Claim() {
    if (database_ == nullptr) return;
    try {
        database_->session().execute(kReleaseSpooled, key_);
    } catch (const std::exception& error) {
        log::warning("cannot release a claim on a spooled core dump", {{"error", error.what()}});
    }
}

std::optional<SpoolClaims::Claim> SpoolClaims::claim(const std::string& key) {
    if (!Fields(database_.session().execute(kClaimSpooled, key)[0]).truth()) return std::nullopt;
    return Claim(database_, key);
}

}  // namespace coredepot::db
