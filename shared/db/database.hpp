#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

/// PostgreSQL behind statements named by intent. Nothing outside this folder knows SQL or libpqxx.
namespace coredepot::db {

/// The database cannot be reached, or was lost during a statement.
class Unavailable : public std::runtime_error {
  public:
    /// `in_doubt`: the statement was sent and may have been carried out all the same.
    Unavailable(const std::string& what, bool in_doubt)
        : std::runtime_error(what), in_doubt_(in_doubt) {}
    bool in_doubt() const { return in_doubt_; }

  private:
    bool in_doubt_;
};

enum class Mode { ReadOnly, ReadWrite };

/// What a process has the files of.
struct Stores {
    std::string folder;   ///< storage::store_id(); "": not known
    bool bucket = false;  ///< and the objects
};

class Session;

/// One connection, opened at first use and again when it was lost. Not for several threads.
class Database {
  public:
    /// `url`: a libpq connection URI. `program` is what pg_stat_activity shows. After `patience`
    /// the server gives up on a statement, and a second later we give up on the server.
    Database(std::string url, std::string program, Mode mode,
             std::chrono::seconds patience = kPatience);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Names the store that this process has the files of (storage::store_id()), from the next
    /// session on: what is recorded is in that store, and what is parsed is in that one or nobody
    /// knows where. Without, nobody knows. `store`: 32 hex characters.
    void set_store(const std::optional<std::string>& store) { stores_.folder = store.value_or(""); }
    /// From the next session on: whether this process has the bucket, and what is in there.
    void set_has_bucket(bool has_bucket) { stores_.bucket = has_bucket; }

    /// From the next session on each statement is planned once, by indexes alone, whatever is
    /// sought and however small tables are at that time: for who has few statements and executes
    /// them often. With parameters in sight, planning each call anew takes a quarter of its time.
    void keep_plans() { keeps_plans_ = true; }

    /// Whether a statement can be executed now; in Mode::ReadWrite one that changes something.
    bool is_available() noexcept;

    /// A session on a live connection, for this folder's classes. Throws Unavailable.
    Session& session();

    /// Less than the web server has with a handler.
    static constexpr std::chrono::seconds kPatience{20};

  private:
    /// Of the connection before this one. When a synchronous standby is gone, the server waits for
    /// it at each commit, with all locks, whether or not we still wait for the server; a connection
    /// lost to that would be followed by another until there are none left. The transaction is
    /// committed here and stays in doubt, as it was.
    void end_wait_for_standby();

    std::string url_;
    std::string program_;
    Mode mode_;
    std::chrono::seconds patience_;
    Stores stores_;
    bool keeps_plans_ = false;
    std::unique_ptr<Session> session_;
    int lost_backend_ = 0;  ///< its process on the server; 0: none was lost
};

}  // namespace coredepot::db
