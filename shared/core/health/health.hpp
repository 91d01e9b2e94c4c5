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
        Degraded,  ///< some of what there is to do is not possible, and another server is no help
        Unavailable,
    };
    Status status = Status::Unavailable;
    enum class Database : std::uint8_t {
        Ok,
        Forgotten,    ///< it answers, and knows no device that there are core dumps of
        Unavailable,  ///< or, for those who write, read-only
    };
    Database database = Database::Unavailable;
    std::optional<storage::FolderState> coredumps_dir;  ///< empty: not configured
    /// Core dumps that wait for the database to be back.
    enum class Spool : std::uint8_t { Empty, Waiting, Full };
    std::optional<Spool> spool;  ///< empty: there is none
    /// Whether core dumps' files are as few as COREDUMPS_MAX_BYTES and COREDUMPS_MIN_FREE say.
    enum class Retention : std::uint8_t {
        Unlimited,  ///< neither is set
        Met,
        Unmet,  ///< there are more, and none may go: KEEP_PER_ISSUE protects them
    };
    Retention retention = Retention::Unlimited;
    bool quarantine = false;  ///< there are core dumps that somebody has to look at
    /// Whether the tokens of requests can be checked.
    enum class Tokens : std::uint8_t {
        NotChecked,  ///< OIDC_ENABLED=false
        Ok,
        OldKeys,  ///< the issuer does not answer; the keys that it had go on being used
        NoKeys,   ///< there never were any, or the issuer has taken all of them back
    };
    Tokens tokens = Tokens::NotChecked;
    /// Whether those who are to be told of issues can be; nobody waits for that.
    enum class Alerts : std::uint8_t {
        None,  ///< nobody is to be told, or it is not known
        Ok,
        Failing,  ///< somebody could not be told for a day, or is gone
    };
    Alerts alerts = Alerts::None;
    storage::FolderState assets_dir = storage::FolderState::Unavailable;
    /// Where core dumps wait for the bucket or the database; empty: there is no bucket.
    std::optional<storage::FolderState> state_dir;
    /// The bucket that core dumps and firmware go into.
    enum class Store : std::uint8_t { NotConfigured, Ok, Unavailable };
    Store store = Store::NotConfigured;
};

/// Never throws: what is not well is part of the answer. `tokens`: for those who check them to say.
Health check_health(db::Database& database, const Config& config, Health::Tokens tokens,
                    Health::Store store);

/// Whether an upload of the largest size would be accepted now, into the database or the spool.
struct UploadsHealth {
    bool accepted = false;
    std::optional<storage::FolderState> coredumps_dir;  ///< empty: not configured
    std::optional<Health::Spool> spool;                 ///< empty: there is none
    /// Empty: not asked, for the spool would do.
    std::optional<Health::Database> database;
    Health::Tokens tokens = Health::Tokens::NotChecked;
    std::optional<storage::FolderState> state_dir;  ///< empty: there is no bucket
    std::optional<Health::Store> store;             ///< empty: not asked, likewise
};

/// Never throws. Asks the database and the bucket only where the spool has no room: one that stands
/// still must not delay the answer. `database`: one that uploads are recorded with. `store` is
/// asked how the bucket is.
UploadsHealth check_uploads(db::Database& database, const Config& config, Health::Tokens tokens,
                            const std::function<Health::Store()>& store);

}  // namespace coredepot::core
