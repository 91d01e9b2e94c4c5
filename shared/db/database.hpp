#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

/// PostgreSQL, behind statements that are named after their purpose. No code outside this folder
/// knows SQL or libpqxx.
namespace coredepot::db {

/// The database cannot be reached, or the connection broke during a statement.
class Unavailable : public std::runtime_error {
  public:
    /// `in_doubt`: the statement was sent, so the server may have carried it out.
    Unavailable(const std::string& what, bool in_doubt)
        : std::runtime_error(what), in_doubt_(in_doubt) {}
    bool in_doubt() const { return in_doubt_; }

  private:
    bool in_doubt_;
};

enum class Mode { ReadOnly, ReadWrite };

/// The places whose files this process can reach.
struct Stores {
    std::string folder;   ///< storage::store_id(); "": unknown
    bool bucket = false;  ///< also the objects
};

class Session;

/// One connection. It is opened at first use and reopened when it is lost. Not thread-safe.
class Database {
  public:
    /// `url`: a libpq connection URI. `program` appears in pg_stat_activity. After `patience` the
    /// server gives up on a statement; a second later we give up on the server.
    Database(std::string url, std::string program, Mode mode,
             std::chrono::seconds patience = kPatience);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Names the store whose files this process has (storage::store_id()), from the next session
    /// on. New rows say that they are in this store. This process parses rows of this store, and
    /// rows whose store is unknown. Without it, new rows have an unknown store. `store`: 32 hex
    /// characters.
    void set_store(const std::optional<std::string>& store) { stores_.folder = store.value_or(""); }
    /// Whether this process can reach the bucket, from the next session on.
    void set_has_bucket(bool has_bucket) { stores_.bucket = has_bucket; }

    /// From the next session on, each statement is planned only once, and by indexes, whatever its
    /// parameters and however small the tables are then. For programs with few statements that run
    /// often, so that they do not plan each call anew.
    void keep_plans() { keeps_plans_ = true; }

    /// Whether a statement could be executed now; in Mode::ReadWrite, one that writes.
    bool is_available() noexcept;

    /// A session on a working connection, for the classes of this folder. Throws Unavailable.
    Session& session();

    /// Shorter than the web server waits for a handler.
    static constexpr std::chrono::seconds kPatience{20};

  private:
    /// Ends a commit of our previous connection that waits for a standby. When a synchronous
    /// standby is gone, the server holds each commit, with all its locks, even after we have left.
    /// The next connection would be lost to the same wait, until none were left. The transaction is
    /// committed on this server and remains in doubt, as before.
    void end_wait_for_standby();

    std::string url_;
    std::string program_;
    Mode mode_;
    std::chrono::seconds patience_;
    Stores stores_;
    bool keeps_plans_ = false;
    std::unique_ptr<Session> session_;
    int lost_backend_ = 0;  ///< its process ID on the server; 0: none was lost
};

}  // namespace coredepot::db
