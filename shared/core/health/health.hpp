#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "config.hpp"
#include "db/database.hpp"
#include "storage/folder_state.hpp"

namespace coredepot::core {

/// Whether requests can be served now. Cheap enough for a load balancer that asks every second.
struct Health {
    enum class Status : std::uint8_t {
        Ok,
        Degraded,  ///< some things do not work, and another server would not help
        Unavailable,
    };
    Status status = Status::Unavailable;
    enum class Database : std::uint8_t {
        Ok,
        Forgotten,    ///< it answers, but knows none of the devices that have core dumps
        Unavailable,  ///< or read-only, for programs that write
    };
    Database database = Database::Unavailable;
    std::optional<storage::FolderState> coredumps_dir;  ///< empty: not configured
    /// Core dumps that wait for the database.
    enum class Spool : std::uint8_t { Empty, Waiting, Full };
    std::optional<Spool> spool;  ///< empty: there is no spool
    /// Whether core dumps' files are within COREDUMPS_MAX_BYTES and COREDUMPS_MIN_FREE.
    enum class Retention : std::uint8_t {
        Unlimited,  ///< neither is set
        Met,
        Unmet,  ///< there are more, but KEEP_PER_ISSUE protects them all
    };
    Retention retention = Retention::Unlimited;
    bool quarantine = false;  ///< somebody has to look at core dumps in quarantine
    /// Whether tokens can be checked.
    enum class Tokens : std::uint8_t {
        NotChecked,  ///< OIDC_ENABLED=false
        Ok,
        OldKeys,  ///< the issuer does not answer, so its last keys stay in use
        NoKeys,   ///< we never had any, or the issuer has withdrawn them all
    };
    Tokens tokens = Tokens::NotChecked;
    /// Whether alerts reach their targets. Nothing waits for that.
    enum class Alerts : std::uint8_t {
        None,  ///< there are no targets, or it is unknown
        Ok,
        Failing,  ///< a target could not be reached for a day, or is gone
    };
    Alerts alerts = Alerts::None;
    storage::FolderState assets_dir = storage::FolderState::Unavailable;
    /// Where core dumps wait for the bucket or the database; empty: there is no bucket.
    std::optional<storage::FolderState> state_dir;
    /// The bucket for core dumps and firmware.
    enum class Store : std::uint8_t { NotConfigured, Ok, Unavailable };
    Store store = Store::NotConfigured;
};

/// Never throws: problems are part of the answer. `tokens` comes from the caller, who checks
/// tokens.
Health check_health(db::Database& database, const Config& config, Health::Tokens tokens,
                    Health::Store store);

/// Whether an upload of the largest size would be accepted now, by the database or the spool.
struct UploadsHealth {
    bool accepted = false;
    std::optional<storage::FolderState> coredumps_dir;  ///< empty: not configured
    std::optional<Health::Spool> spool;                 ///< empty: there is no spool
    /// Empty: not asked, because the spool would be enough.
    std::optional<Health::Database> database;
    Health::Tokens tokens = Health::Tokens::NotChecked;
    std::optional<storage::FolderState> state_dir;  ///< empty: there is no bucket
    std::optional<Health::Store> store;             ///< empty: not asked, for the same reason
};

/// Never throws. Asks the database and the bucket only if the spool has no room, because one that
/// hangs must not delay the answer. `database` must be the one that records uploads. `store` tells
/// the state of the bucket.
UploadsHealth check_uploads(db::Database& database, const Config& config, Health::Tokens tokens,
                            const std::function<Health::Store()>& store);

}  // namespace coredepot::core
